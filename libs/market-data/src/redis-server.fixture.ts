import { type DevServer, startRedis } from '@app/dev-services';
import { RedisClient } from '@app/redis';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** A Redis server for the tests of a `describe`, which is empty before each of them. */
export interface RedisServer {
  readonly server: DevServer;
  readonly redis: RedisClient;
}

export function useRedis(maxConnections = 5): RedisServer {
  let server: DevServer;
  let redis: RedisClient;

  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisClient({ url: server.url, maxConnections, connectTimeoutMs: 5_000 });
    redis.connect();
    await redis.ready();
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });
  beforeEach(() => redis.run((commands) => commands.flushall()));

  return {
    get server() {
      return server;
    },
    get redis() {
      return redis;
    },
  };
}
