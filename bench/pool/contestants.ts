import { join } from 'node:path';
import { Pool as PgPool, type PoolClient } from 'pg';
import { root } from '../../test/container/engine/folders.ts';

const production = {
  size: 10,
  maxOverflow: 20,
  recycleMs: 300_000,
  prePingIdleMs: 1_000,
  timeoutMs: 5_000,
  statementTimeoutMs: 15_000,
  silenceMs: undefined,
};

/** A pool under load, as the bench uses it. */
export interface Contestant {
  readonly name: string;
  /** One statement on a connection of the pool. */
  query(): Promise<unknown>;
}

/** For `await using`. */
export interface Contest extends AsyncDisposable {
  readonly bare: Contestant;
  /** With production's settings. */
  readonly own: Contestant;
  /** With a ping before each query. */
  readonly always: Contestant;
}

interface AnyPool {
  connect(): Promise<PoolClient>;
}

function contestant(name: string, pool: AnyPool): Contestant {
  return {
    name,
    async query() {
      const client = await pool.connect();
      try {
        return await client.query('SELECT $1::int AS number', [1]);
      } finally {
        client.release();
      }
    },
  };
}

/** Starts a PostgreSQL for pg's pool and, with the same bounds, the pool of the built program. */
export async function startContest(): Promise<Contest> {
  const { startPostgres } = (await import(
    join(root, 'dist/libs/dev-services/src/index.js')
  )) as typeof import('@app/dev-services');
  const { Pool } = (await import(
    join(root, 'dist/libs/postgres/src/pool/pool.js')
  )) as typeof import('../../libs/postgres/src/pool/pool.ts');
  const server = await startPostgres();
  const { hostname: host, port, username: user, password, pathname } = new URL(server.url);
  const config = { host, port: Number(port), user, password, database: pathname.slice(1) };
  const { size, maxOverflow, timeoutMs } = production;
  const pools = {
    bare: new PgPool({ ...config, min: size, max: size + maxOverflow, connectionTimeoutMillis: timeoutMs }),
    own: new Pool(config, production),
    always: new Pool(config, { ...production, prePingIdleMs: 0 }),
  };
  return {
    bare: contestant('pg-pool', pools.bare),
    own: contestant('this pool', pools.own),
    always: contestant('this pool, pinging before each query', pools.always),
    async [Symbol.asyncDispose]() {
      // pg-pool has ended before its connections have, and would end the process with an error of theirs.
      pools.bare.on('error', () => undefined);
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await server.stop();
    },
  };
}
