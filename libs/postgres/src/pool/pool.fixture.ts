import { execFileSync } from 'node:child_process';
import type { Clock } from '@app/lifecycle';
import { waitFor } from '@app/testing';
import { Client, type ClientConfig } from 'pg';
import { onTestFinished } from 'vitest';
import { connectionOptions } from '../connection.options.js';
import { Pool } from './pool.js';
import type { PoolOptions } from './pool.options.js';
import type { PooledClient } from './pooled-client.js';

const options: PoolOptions = {
  size: 2,
  maxOverflow: 1,
  recycleMs: undefined,
  prePingIdleMs: undefined,
  timeoutMs: 5_000,
  statementTimeoutMs: undefined,
  silenceMs: undefined,
};

interface Setting extends Partial<PoolOptions> {
  readonly clock?: Clock;
  readonly random?: () => number;
}

export const poolName = 'pool-test';

export function configOf(url: string): ClientConfig {
  return connectionOptions({ databaseUrl: url, ca: undefined }, poolName);
}

/** A pool that is closed with the test. */
export function poolOn(url: string, { clock, random, ...overrides }: Setting = {}): Pool {
  const pool = new Pool(configOf(url), { ...options, ...overrides }, clock, random);
  onTestFinished(async () => {
    pool.destroySockets();
    await pool.end();
  });
  return pool;
}

/** The pool with that many connections open and idle, as far as it keeps them. */
export async function warmedUp(pool: Pool, connections: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  for (const client of clients) client.release();
}

export async function pidOf(client: PooledClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

/** A connection beside the pool, which is closed with the test. */
export async function operatorOf(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'operator' });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** The backends of pools. */
export async function backendsOf(operator: Client): Promise<number[]> {
  const { rows } = await operator.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE application_name = $1 ORDER BY backend_start, pid',
    [poolName],
  );
  return rows.map(({ pid }) => pid);
}

/** Stops a backend, so that the connection stays open and nothing answers on it; it goes on after the test. */
export function hang(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  onTestFinished(() => {
    process.kill(pid, 'SIGCONT');
  });
}

const terminate = `
  import pg from 'pg';
  const client = new pg.Client({ connectionString: process.env.URL, application_name: 'terminator' });
  await client.connect();
  const others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  await client.query('SELECT pg_terminate_backend(pid) ' + others);
  while ((await client.query('SELECT 1 ' + others)).rowCount > 0);
  await client.end();`;

/**
 * Terminates all backends and waits until they are gone from pg_stat_activity, without a turn of the event loop: nobody
 * in this process has heard of it when it returns.
 */
export function terminateAllUnheard(url: string): void {
  execFileSync(process.execPath, ['--input-type=module', '--eval', terminate], {
    cwd: import.meta.dirname,
    env: { URL: url },
  });
}

/** Waits until the pool's clock has gone on by that many milliseconds. */
export async function elapsed(ms: number): Promise<void> {
  const since = Date.now();
  await waitFor(() => Date.now() - since > ms);
}
