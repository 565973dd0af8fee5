import { AppError, defineErrors } from '@app/errors';

export const redisErrors = defineErrors({
  redis_connections_exhausted: {
    kind: 'unavailable',
    title: 'All Redis connections of the process are in use',
    advice: 'Raise REDIS_MAX_CONNECTIONS, or release the connections that are named.',
  },
});

/** No dedicated connection is left: the shared one, the one of the health check and the leases make up the bound. */
export class RedisConnectionsExhaustedError extends AppError {
  constructor(wanted: string, max: number, purposes: readonly string[]) {
    const inUse = ['ordinary commands', 'health check', ...purposes].join(', ');
    super(
      redisErrors.redis_connections_exhausted,
      `There is no Redis connection left for ${wanted}: all ${max} are in use (${inUse}).`,
      { data: { max, purposes } },
    );
  }
}
