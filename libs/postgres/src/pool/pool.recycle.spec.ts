import { type DevServer, startPostgres } from '@app/dev-services';
import { fakeClock } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOn, warmedUp } from './pool.fixture.js';

describe('Pool that recycles', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it.each([
    [0, 1_000],
    [0.5, 950],
    [0.999, 901],
  ])('with a jitter of %d gives out a connection of 1,000 ms for %d ms', async (jitter, lifetimeMs) => {
    const clock = fakeClock();
    const pool = poolOn(server.url, { clock, recycleMs: 1_000, random: () => jitter });
    const first = await pool.connect();
    first.release();
    clock.advance(lifetimeMs - 1);
    const before = await pool.connect();
    before.release();
    clock.advance(1);
    const after = await pool.connect();
    expect([before === first, after === first]).toEqual([true, false]);
    expect(pool.counts).toMatchObject({ opened: 2, recycled: 1, discarded: 0 });
  });

  it('lets those that were opened together expire one after the other', async () => {
    const clock = fakeClock();
    const pool = poolOn(server.url, { clock, size: 8, recycleMs: 1_000 });
    await warmedUp(pool, 8);
    const expired: number[] = [];
    for (let ms = 900; ms <= 1_000; ms += 10) {
      clock.advance(ms - clock.now());
      await warmedUp(pool, 8);
      expired.push(pool.counts.recycled);
    }
    // Of eight in ten steps; that all fall into two of them has a probability of one in a million.
    expect(new Set(expired).size).toBeGreaterThan(2);
    expect([expired[0], expired.at(-1)]).toEqual([0, 8]);
  });

  it('also replaces a connection that never becomes idle', async () => {
    const clock = fakeClock();
    const pool = poolOn(server.url, { clock, size: 1, maxOverflow: 0, recycleMs: 1_000 });
    const first = await pool.connect();
    const next = pool.connect();
    clock.advance(1_000);
    first.release();
    expect(await next).not.toBe(first);
  });

  it('leaves a connection to who has it, however old it is', async () => {
    const clock = fakeClock();
    const pool = poolOn(server.url, { clock, recycleMs: 1_000 });
    const client = await pool.connect();
    clock.advance(10_000);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });

  it('gives connections out for ever without it', async () => {
    const clock = fakeClock();
    const pool = poolOn(server.url, { clock, recycleMs: undefined });
    const first = await pool.connect();
    first.release();
    clock.advance(1e12);
    expect(await pool.connect()).toBe(first);
  });
});
