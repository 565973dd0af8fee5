import { type DevServer, type ServerOptions, startRedis } from '@app/dev-services';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import type { RedisClientOptions } from './options.js';
import { RedisClient } from './redis-client.js';

/** A client that has not begun to connect; it is closed with the test, as all that follows. */
export function clientOf(url: string, options: Partial<RedisClientOptions> = {}): RedisClient {
  const client = new RedisClient({ url, maxConnections: 5, connectTimeoutMs: 2_000, ...options });
  onTestFinished(() => client.close());
  return client;
}

export async function readyClientOf(
  url: string,
  options: Partial<RedisClientOptions> = {},
): Promise<RedisClient> {
  const client = clientOf(url, options);
  await client.ready(AbortSignal.timeout(5_000));
  return client;
}

/** A server of the test's own. */
export async function serverOf(options: ServerOptions = {}): Promise<DevServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

/** An operator's own connection, with which a test looks at a server or changes it. */
export async function operatorOf(url: string): Promise<Redis> {
  const operator = new Redis(url, { connectionName: 'operator' });
  operator.on('error', () => undefined);
  onTestFinished(() => operator.disconnect());
  await operator.ping();
  return operator;
}

export const uniqueKey = (): string => `key:${crypto.randomUUID()}`;
