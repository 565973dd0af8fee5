import { defineErrors, exitCodes } from '@app/errors';

/** The codes of what the capacity check finds. */
export const capacityErrors = defineErrors({
  capacity_postgres_connections: {
    kind: 'internal',
    title: 'The pools of the workers are larger than what PostgreSQL has for them',
    advice: 'Raise max_connections, or lower DB_MAX_OVERFLOW or WORKER_PROCESSES, as the message says.',
    exitCode: exitCodes.config,
  },
  capacity_memory: {
    kind: 'internal',
    title: 'The heaps of the workers do not fit into the memory of the container',
    advice: 'Raise the memory limit, or lower WORKER_PROCESSES, as the message says.',
    exitCode: exitCodes.config,
  },
  capacity_cpu: {
    kind: 'internal',
    title: 'There are more workers than processors',
    advice: 'Lower WORKER_PROCESSES, or raise the CPU limit.',
  },
  capacity_redis_connections: {
    kind: 'internal',
    title: 'The workers may open more connections than Redis has for them',
    advice: 'Raise maxclients, or lower REDIS_MAX_CONNECTIONS.',
  },
  capacity_redis_memory: {
    kind: 'internal',
    title: 'Redis may lose or refuse trades that wait in it',
    advice: 'Change what the message names in redis.conf.',
  },
});
