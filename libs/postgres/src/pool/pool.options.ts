import type { PerformanceConfig } from '@app/config';

/** How a pool opens, keeps and tries its connections. All times are in milliseconds; undefined is never. */
export interface PoolOptions {
  /** Connections that are kept once they were opened. */
  readonly size: number;
  /** Connections beyond `size` that are open while there are requests for them. */
  readonly maxOverflow: number;
  /** Age, less up to a tenth, at which a connection is no longer given out. */
  readonly recycleMs: number | undefined;
  /** A connection that was idle for this long is tried before it is given out. */
  readonly prePingIdleMs: number | undefined;
  /** How long to wait for a connection, whether others use it or it is being opened or tried. */
  readonly timeoutMs: number;
  /** How long a statement may run before the server is asked to cancel it. */
  readonly statementTimeoutMs: number | undefined;
  /** How long the server may be silent while a statement runs, where that has no timeout. */
  readonly silenceMs: number | undefined;
}

/** What the configuration says of the pool of a process that serves. */
export function poolOptions(pool: PerformanceConfig['pool']): PoolOptions {
  return {
    size: pool.size,
    maxOverflow: pool.maxOverflow,
    recycleMs: pool.recycleMs,
    prePingIdleMs: pool.prePing ? pool.prePingIdleMs : undefined,
    timeoutMs: pool.timeoutMs,
    statementTimeoutMs: pool.statementTimeoutMs,
    silenceMs: undefined,
  };
}

/** For a process that does one thing after the other, as a migration, which may keep the server busy for hours. */
export const jobPoolOptions: PoolOptions = {
  size: 1,
  maxOverflow: 1,
  recycleMs: undefined,
  prePingIdleMs: 1_000,
  timeoutMs: 10_000,
  statementTimeoutMs: undefined,
  silenceMs: undefined,
};
