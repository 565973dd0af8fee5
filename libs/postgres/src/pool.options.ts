import type { PerformanceConfig } from '@app/config';

/** How many connections a pool keeps and opens. All times are in milliseconds. */
export interface PoolOptions {
  /** Connections that are kept once they were opened. */
  readonly min: number;
  /** Connections that are open at most. */
  readonly max: number;
  /** How long one above `min` may be idle before it is closed. */
  readonly idleTimeoutMillis: number;
  /** How long to wait for a connection, a new one or one that others use. */
  readonly connectionTimeoutMillis: number;
  /** Age at which a connection is closed once nobody uses it; 0 is never. In seconds, as pg-pool has it. */
  readonly maxLifetimeSeconds: number;
  /** How long the server may be silent on a connection in use before it counts as dead; undefined: for ever. */
  readonly silenceMs: number | undefined;
}

/** `DB_POOL_SIZE` connections are kept, and up to `DB_MAX_OVERFLOW` more are open under load. */
export function poolOptions(pool: PerformanceConfig['pool']): PoolOptions {
  return {
    min: pool.size,
    max: pool.size + pool.maxOverflow,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: pool.timeoutMs,
    maxLifetimeSeconds: pool.recycleMs === undefined ? 0 : pool.recycleMs / 1_000,
    silenceMs: pool.statementTimeoutMs,
  };
}

/** For a process that does one thing after the other, as a migration, which may keep the server busy for hours. */
export const jobPoolOptions: PoolOptions = {
  min: 0,
  max: 2,
  idleTimeoutMillis: 10_000,
  connectionTimeoutMillis: 10_000,
  maxLifetimeSeconds: 0,
  silenceMs: undefined,
};
