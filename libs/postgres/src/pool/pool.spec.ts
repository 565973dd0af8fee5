import { type DevServer, startPostgres } from '@app/dev-services';
import { failureOf, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendsOf, operatorOf, pidOf, poolOn } from './pool.fixture.js';
import { PooledClient } from './pooled-client.js';

describe('Pool', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('keeps its size of idle connections, and closes those beyond at once when they come back', async () => {
    const operator = await operatorOf(server.url);
    const pool = poolOn(server.url, { size: 2, maxOverflow: 3 });
    const clients = await Promise.all([1, 2, 3, 4, 5].map(() => pool.connect()));
    const most = await backendsOf(operator);
    for (const client of clients) client.release();
    expect(pool.idleCount).toBe(2);
    expect(most).toHaveLength(5);
    await waitFor(async () => (await backendsOf(operator)).length === 2);
    await waitFor(() => pool.totalCount === 2);
  });

  it('opens no connection before one is needed, and then only as many as are', async () => {
    const pool = poolOn(server.url, { size: 5 });
    const before = pool.totalCount;
    for (let turn = 0; turn < 5; turn += 1) await pool.query('SELECT 1');
    expect([before, pool.totalCount, pool.counts.opened]).toEqual([0, 1, 1]);
  });

  it('gives connections that come back to those who wait, in the order in which they came', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 1 });
    const held = await Promise.all([pool.connect(), pool.connect()]);
    const served: number[] = [];
    const waiters = [0, 1, 2, 3, 4, 5].map(async (number) => {
      const client = await pool.connect();
      served.push(number);
      client.release();
    });
    const waiting = pool.waitingCount;
    held[1].release();
    held[0].release();
    await Promise.all(waiters);
    expect({ waiting, served, opened: pool.counts.opened }).toEqual({
      waiting: 6,
      served: [0, 1, 2, 3, 4, 5],
      opened: 2,
    });
  });

  it('gives a connection that comes back to who waits for one that is being opened', async () => {
    const pool = poolOn(server.url, { size: 2 });
    const first = await pool.connect();
    const pid = await pidOf(first);
    const next = pool.connect();
    first.release();
    expect(await pidOf(await next)).toBe(pid);
    await waitFor(() => pool.idleCount === 1);
  });

  it('gives out the connection that was used last', async () => {
    const pool = poolOn(server.url, { size: 3 });
    const clients = await Promise.all([1, 2, 3].map(() => pool.connect()));
    for (const client of clients) client.release();
    expect(await pool.connect()).toBe(clients[2]);
  });

  it('names its size, those in use and those that wait when others use all for too long', async () => {
    const pool = poolOn(server.url, { size: 2, maxOverflow: 1, timeoutMs: 100 });
    const held = await Promise.all([1, 2, 3].map(() => pool.connect()));
    const failures = await Promise.all([1, 2].map(() => failureOf(pool.connect())));
    held[0]?.release();
    const after = await pool.connect();
    expect(failures[0]).toMatchObject({
      code: 'postgres_pool_exhausted',
      detail:
        'No PostgreSQL connection became free within 100 ms (DB_POOL_TIMEOUT): 3 of at most 3 are in use ' +
        '(DB_POOL_SIZE 2 + DB_MAX_OVERFLOW 1), 2 waiting.',
      data: { poolSize: 2, maxOverflow: 1, inUse: 3, waiting: 2 },
    });
    expect(after).toBe(held[0]);
    expect(pool.counts.timedOut).toBe(2);
  });

  it('never has more connections on the server than size and overflow, also while it replaces them', async () => {
    const operator = await operatorOf(server.url);
    await operator.query("CREATE ROLE bounded LOGIN PASSWORD 'secret' CONNECTION LIMIT 3");
    const url = new URL(server.url);
    [url.username, url.password] = ['bounded', 'secret'];
    const pool = poolOn(url.href, { size: 2, maxOverflow: 1, recycleMs: 1 });
    // The server refuses the fourth connection of this role.
    const answers = await Promise.allSettled(Array.from({ length: 200 }, () => pool.query('SELECT 1')));
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(pool.counts.recycled).toBeGreaterThan(10);
  });

  it('tells those who wait why none can be opened, and opens one as soon as that works', async () => {
    const url = new URL(server.url);
    url.pathname = '/late';
    const pool = poolOn(url.href, { size: 1 });
    const refused = await Promise.all([1, 2, 3].map(() => failureOf(pool.connect())));
    await (await operatorOf(server.url)).query('CREATE DATABASE late');
    const { rows } = await pool.query('SELECT 1 AS one');
    expect(refused.map((error) => error instanceof Error && error.message)).toEqual(
      Array.from({ length: 3 }, () => 'database "late" does not exist'),
    );
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('gives nobody a connection in whose transaction another one still is', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0 });
    const first = await pool.connect();
    await first.query('CREATE TABLE IF NOT EXISTS left_open (id int)');
    await first.query('BEGIN');
    await first.query('INSERT INTO left_open VALUES (1)');
    first.release();
    const { rows } = await pool.query('SELECT count(*)::int AS count FROM left_open');
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('gives a connection to nobody before what was left running on it has ended', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0 });
    const first = await pool.connect();
    const left = first.query('SELECT pg_sleep(0.3)');
    const ends: string[] = [];
    const told = left.finally(() => ends.push('what was left'));
    first.release();
    const second = await pool.connect().finally(() => ends.push('the wait'));
    await told;
    expect([ends, second === first]).toEqual([['what was left', 'the wait'], true]);
  });

  it('closes a connection that is given back with an error', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0 });
    const first = await pool.connect();
    first.release(new Error('I do not trust it.'));
    expect(await pool.connect()).not.toBe(first);
  });

  it('takes a connection back once', async () => {
    const pool = poolOn(server.url);
    const client = await pool.connect();
    client.release();
    expect(() => client.release()).toThrow('already been released');
    expect(pool.idleCount).toBe(1);
  });

  it('waits at its end for those in use, and lets nobody else have one', async () => {
    const operator = await operatorOf(server.url);
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0 });
    const client = await pool.connect();
    const waiting = failureOf(pool.connect());
    const ends: string[] = [];
    const ended = pool.end().finally(() => ends.push('the pool'));
    const late = await failureOf(pool.connect());
    await client.query('SELECT 1').finally(() => ends.push('the statement'));
    client.release();
    await ended;
    expect([await waiting, late]).toEqual([
      new Error('Cannot use a pool after calling end on the pool'),
      new Error('Cannot use a pool after calling end on the pool'),
    ]);
    expect([ends, await backendsOf(operator)]).toEqual([['the statement', 'the pool'], []]);
  });

  it('works with callbacks, and tells what happens, as pg’s own does', async () => {
    const pool = poolOn(server.url);
    const events: string[] = [];
    for (const event of ['connect', 'acquire', 'release', 'remove']) pool.on(event, () => events.push(event));
    const client = await new Promise<PooledClient | undefined>((resolve, reject) => {
      pool.connect((error, client, release) => {
        release();
        if (error === undefined) resolve(client);
        else reject(error);
      });
    });
    await new Promise<void>((ended) => pool.end(() => ended()));
    expect(client).toBeInstanceOf(PooledClient);
    expect(events).toEqual(['connect', 'acquire', 'release', 'remove']);
  });
});
