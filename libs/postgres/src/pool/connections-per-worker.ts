import type { PoolOptions } from './pool.options.js';

/**
 * What a worker has beside its pool: the connection of the health checks, and once a minute for a moment the one that
 * takes its place.
 */
const besideThePool = 2;

/** The most connections to PostgreSQL that a worker holds at a time. */
export function connectionsPerWorker({
  size,
  maxOverflow,
}: Pick<PoolOptions, 'size' | 'maxOverflow'>): number {
  return size + maxOverflow + besideThePool;
}
