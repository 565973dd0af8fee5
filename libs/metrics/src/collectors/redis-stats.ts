import type { StatFamilies } from './stat-families.js';

/** The connections of this process to Redis. */
export const redisStats: StatFamilies = {
  connectionsOpen: {
    name: 'redis_client_connections_open',
    type: 'gauge',
    help: 'Connections to Redis that are open.',
  },
  connectionsMax: {
    name: 'redis_client_connections_max',
    type: 'gauge',
    help: 'Connections to Redis at most: REDIS_MAX_CONNECTIONS.',
  },
  leased: {
    name: 'redis_client_connections_leased',
    type: 'gauge',
    help: 'Connections to Redis that one user has to itself.',
  },
  inFlight: {
    name: 'redis_client_commands_in_flight',
    type: 'gauge',
    help: 'Commands that Redis has not answered yet.',
  },
  reconnects: {
    name: 'redis_client_reconnects_total',
    type: 'counter',
    help: 'Connections to Redis that were lost and opened again.',
  },
};
