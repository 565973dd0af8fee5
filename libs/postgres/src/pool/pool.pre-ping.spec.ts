import { type DevServer, startPostgres } from '@app/dev-services';
import { fakeClock, failureOf, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected, select } from '../postgres-client.fixture.js';
import {
  backendsOf,
  elapsed,
  hang,
  operatorOf,
  pidOf,
  poolOn,
  terminateAllUnheard,
  warmedUp,
} from './pool.fixture.js';

const idleMs = 50;

async function failuresOf(queries: Iterable<Promise<unknown>>): Promise<unknown[]> {
  const answers = await Promise.allSettled(queries);
  return answers.flatMap((answer): unknown[] => (answer.status === 'rejected' ? [answer.reason] : []));
}

describe('Pool with pre-ping', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('fails none of 1,000 concurrent queries after all backends were terminated', async () => {
    const pool = poolOn(server.url, { size: 10, maxOverflow: 20, prePingIdleMs: idleMs });
    await warmedUp(pool, 10);
    await elapsed(idleMs);
    terminateAllUnheard(server.url);
    const idle = pool.idleCount;
    const failures = await failuresOf(Array.from({ length: 1_000 }, () => pool.query('SELECT 1')));
    expect({ idle, failures }).toEqual({ idle: 10, failures: [] });
    expect(pool.counts).toMatchObject({ discarded: 10 });
    expect(pool.counts.opened).toBeLessThanOrEqual(10 + 30);
  });

  it('fails none of those of TypeORM', async () => {
    const client = await connected(server.url, { size: 10, maxOverflow: 20, prePingIdleMs: idleMs });
    const query = () => client.run(select('SELECT 1'));
    await Promise.all(Array.from({ length: 30 }, query));
    await waitFor(() => client.stats()['total'] === 10 && client.stats()['idle'] === 10);
    await elapsed(idleMs);
    terminateAllUnheard(server.url);
    const failures = await failuresOf(Array.from({ length: 1_000 }, query));
    expect(failures).toEqual([]);
    expect(client.stats()).toMatchObject({ discarded: 10 });
  });

  it('fails none of 1,000 concurrent queries after a restart of the server', async () => {
    const restarted = await startPostgres();
    const pool = poolOn(restarted.url, { size: 10, maxOverflow: 20, prePingIdleMs: idleMs });
    await warmedUp(pool, 10);
    restarted.signal('SIGKILL');
    await restarted.start();
    await elapsed(idleMs);
    const failures = await failuresOf(Array.from({ length: 1_000 }, () => pool.query('SELECT 1')));
    expect(failures).toEqual([]);
    await pool.end();
    await restarted.stop();
  });

  it('trusts none of the older connections, and does not try them, once one has not answered', async () => {
    const pool = poolOn(server.url, { size: 3, maxOverflow: 0, timeoutMs: 1_000, prePingIdleMs: idleMs });
    const clients = await Promise.all([1, 2, 3].map(() => pool.connect()));
    const pids = await Promise.all(clients.map((client) => pidOf(client)));
    for (const client of clients) client.release();
    for (const pid of pids) hang(pid);
    await elapsed(idleMs);
    const client = await pool.connect();
    expect(pids).not.toContain(await pidOf(client));
    expect(pool.counts).toMatchObject({ opened: 4, discarded: 3, prePings: 1 });
  });

  it('has the others opened anew that were in use meanwhile, when they come back', async () => {
    const pool = poolOn(server.url, { size: 3, prePingIdleMs: idleMs });
    const [held, dead] = await Promise.all([pool.connect(), pool.connect()]);
    const pid = await pidOf(dead);
    dead.release();
    await (await operatorOf(server.url)).query('SELECT pg_terminate_backend($1)', [pid]);
    await waitFor(() => pool.counts.discarded === 1);
    const answer = await held.query('SELECT 1 AS one');
    held.release();
    const next = await pool.connect();
    expect(answer.rows).toEqual([{ one: 1 }]);
    expect(next).not.toBe(held);
    expect(pool.counts.discarded).toBe(2);
  });

  it('trusts what was opened after the dead one was found, also when more of the old ones die', async () => {
    const pool = poolOn(server.url, { size: 3, maxOverflow: 0, prePingIdleMs: idleMs });
    const old = await Promise.all([1, 2].map(() => pool.connect()));
    const [first = 0, second = 0] = await Promise.all(old.map((client) => pidOf(client)));
    const operator = await operatorOf(server.url);
    await operator.query('SELECT pg_terminate_backend($1)', [first]);
    await waitFor(() => pool.counts.discarded === 1);
    const fresh = await pool.connect();
    fresh.release();
    await operator.query('SELECT pg_terminate_backend($1)', [second]);
    await waitFor(() => pool.counts.discarded === 2);
    expect(await pool.connect()).toBe(fresh);
  });

  it('distrusts the others after a connection in use has failed', async () => {
    const pool = poolOn(server.url, { size: 3 });
    const [idle, used] = await Promise.all([pool.connect(), pool.connect()]);
    idle.release();
    const failure = await failureOf(used.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    used.release();
    const next = await pool.connect();
    expect(failure).toMatchObject({ code: '57P01' });
    expect([idle, used]).not.toContain(next);
  });

  it('finds another connection in time when the server has fallen silent on all idle ones', async () => {
    const timeoutMs = 2_000;
    const pool = poolOn(server.url, { size: 3, maxOverflow: 0, timeoutMs, prePingIdleMs: idleMs });
    await warmedUp(pool, 3);
    for (const pid of await backendsOf(await operatorOf(server.url))) hang(pid);
    await elapsed(idleMs);
    const failures = await failuresOf(Array.from({ length: 100 }, () => pool.query('SELECT 1')));
    expect(failures).toEqual([]);
  });

  it('tries a connection only when it was idle for long enough', async () => {
    const clock = fakeClock();
    const pool = poolOn(server.url, { clock, prePingIdleMs: 1_000 });
    await pool.query('SELECT 1');
    clock.advance(999);
    await pool.query('SELECT 1');
    const before = pool.counts.prePings;
    clock.advance(1_000);
    await pool.query('SELECT 1');
    expect([before, pool.counts.prePings]).toEqual([0, 1]);
  });

  it('tries every connection with 0, also one that comes straight from another user', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0, prePingIdleMs: 0 });
    await Promise.all([1, 2, 3].map(() => pool.query('SELECT 1')));
    expect(pool.counts).toMatchObject({ opened: 1, prePings: 2 });
  });

  it('tries none when it is off, and a query fails', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0, prePingIdleMs: undefined });
    await warmedUp(pool, 1);
    await elapsed(idleMs);
    terminateAllUnheard(server.url);
    const failures = await failuresOf([pool.query('SELECT 1'), pool.query('SELECT 1')]);
    expect(failures).toHaveLength(1);
    expect(pool.counts.prePings).toBe(0);
  });

  it('counts the time of the try as waiting, and tells that the server is too slow', async () => {
    const stopped = await startPostgres();
    const pool = poolOn(stopped.url, { size: 1, timeoutMs: 300, prePingIdleMs: 0 });
    await warmedUp(pool, 1);
    stopped.signal('SIGSTOP');
    const startedAt = performance.now();
    const failure = await failureOf(pool.query('SELECT 1'));
    const tookMs = performance.now() - startedAt;
    pool.destroySockets();
    await pool.end();
    await stopped.stop();
    expect(failure).toMatchObject({ name: 'ConnectTimeoutError', code: 'ETIMEDOUT' });
    expect(tookMs).toBeLessThan(1_500);
  });
});
