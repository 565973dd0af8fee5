import { readFile } from 'node:fs/promises';
import type { FailureReason } from '@app/errors';
import { type DevServer, type ServerOptions, startRedis } from '@app/dev-services';
import { waitFor } from '@app/testing';
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

/** The failures that the client tells of, as they come. */
export function failuresOf(client: RedisClient): FailureReason[] {
  const failures: FailureReason[] = [];
  client.onFailure((reason) => failures.push(reason));
  return failures;
}

export const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

export const uniqueKey = (): string => `key:${crypto.randomUUID()}`;

/** Stops a server's process, and waits until no thread of it runs any more. */
export async function suspend(server: DevServer): Promise<void> {
  server.signal('SIGSTOP');
  await waitFor(async () => / T /.test(await readFile(`/proc/${server.pid}/stat`, 'utf8')), {
    message: 'the process to stop',
  });
}
