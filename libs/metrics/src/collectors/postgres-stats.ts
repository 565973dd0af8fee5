import type { StatFamilies } from './stat-families.js';

/** The pool of this process. */
export const postgresStats: StatFamilies = {
  total: {
    name: 'postgres_pool_connections_open',
    type: 'gauge',
    help: 'Connections of the pool that are open, in use or idle.',
  },
  idle: {
    name: 'postgres_pool_connections_idle',
    type: 'gauge',
    help: 'Open connections of the pool that nobody uses.',
  },
  inUse: {
    name: 'postgres_pool_connections_in_use',
    type: 'gauge',
    help: 'Open connections of the pool that somebody uses.',
  },
  waiting: {
    name: 'postgres_pool_requests_waiting',
    type: 'gauge',
    help: 'Requests that wait for a connection of the pool.',
  },
  size: {
    name: 'postgres_pool_connections_kept',
    type: 'gauge',
    help: 'Connections that the pool keeps: DB_POOL_SIZE.',
  },
  max: {
    name: 'postgres_pool_connections_max',
    type: 'gauge',
    help: 'Connections that the pool opens at most: DB_POOL_SIZE and DB_MAX_OVERFLOW.',
  },
  opened: {
    name: 'postgres_pool_connections_opened_total',
    type: 'counter',
    help: 'Connections that the pool has opened.',
  },
  recycled: {
    name: 'postgres_pool_connections_recycled_total',
    type: 'counter',
    help: 'Connections that were closed because of their age: DB_POOL_RECYCLE.',
  },
  discarded: {
    name: 'postgres_pool_connections_discarded_total',
    type: 'counter',
    help: 'Connections that were dead, or older than one that was.',
  },
  prePings: {
    name: 'postgres_pool_pre_pings_total',
    type: 'counter',
    help: 'Connections that were tried before their use: DB_POOL_PRE_PING.',
  },
  timedOut: {
    name: 'postgres_pool_requests_timed_out_total',
    type: 'counter',
    help: 'Requests that got no connection in time: DB_POOL_TIMEOUT.',
  },
};
