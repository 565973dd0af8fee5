import { type DevServer, startRedis } from '@app/dev-services';
import { failureOf, suspend, waitFor } from '@app/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisConnectionsExhaustedError } from './errors.js';
import { operatorOf, readyClientOf, serverOf, uniqueKey } from './redis.fixture.js';

async function connectionsOf(operator: Redis): Promise<string[]> {
  const list = String(await operator.client('LIST'));
  return list
    .split('\n')
    .map((line) => / name=(\S*)/.exec(line)?.[1])
    .filter((name) => name !== undefined && name !== 'operator')
    .map(String)
    .toSorted();
}

describe('RedisClient.lease', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('leases dedicated connections up to its bound, and names those in use when there is none left', async () => {
    const operator = await operatorOf(server.url);
    const client = await readyClientOf(server.url, { maxConnections: 4, name: 'lease-test' });
    const before = await connectionsOf(operator);
    const first = await client.lease('reader of shard 0');
    const second = await client.lease('subscription');
    const third = await failureOf(client.lease('one more'));
    await client.ping(AbortSignal.timeout(2_000));
    const most = await connectionsOf(operator);
    const stats = client.stats();
    first.release();
    await waitFor(async () => (await failureOf(client.lease('one more'))) !== third, { message: 'a lease' });

    expect(third).toBeInstanceOf(RedisConnectionsExhaustedError);
    expect(third).toMatchObject({
      code: 'redis_connections_exhausted',
      detail:
        'There is no Redis connection left for one more: all 4 are in use ' +
        '(ordinary commands, health check, reader of shard 0, subscription).',
      data: { max: 4, purposes: ['reader of shard 0', 'subscription'] },
    });
    expect(before.filter((name) => name.startsWith('lease-test'))).toEqual(['lease-test:commands']);
    expect(most.filter((name) => name.startsWith('lease-test'))).toEqual([
      'lease-test:commands',
      'lease-test:reader-of-shard-0',
      'lease-test:subscription',
    ]);
    expect(stats).toMatchObject({ connectionsOpen: 3, connectionsMax: 4, leased: 2 });
    second.release();
  });

  it('reads with blocking on a leased connection while ordinary commands go on', async () => {
    const client = await readyClientOf(server.url);
    const key = uniqueKey();
    const lease = await client.lease('reader', { replyTimeoutMs: 10_000 });

    const waiting = lease.run((redis) => redis.blpop(key, 5));
    await client.run((redis) => redis.rpush(key, 'item'));

    expect(await waiting).toEqual([key, 'item']);
    lease.release();
  });

  it('keeps a subscription over the loss of its connection', async () => {
    const operator = await operatorOf(server.url);
    const client = await readyClientOf(`${server.url}/2`, { name: 'resubscribe-test' });
    const lease = await client.lease('quotes');
    const messages: string[] = [];
    lease.redis.on('message', (_channel, message) => messages.push(message));
    const channel = uniqueKey();
    await lease.run((redis) => redis.subscribe(channel));

    await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await waitFor(() => client.stats()['reconnects'] === 1, { message: 'the subscription to come back' });
    await waitFor(async () => (await operator.publish(channel, 'after')) === 1, { message: 'a subscriber' });

    await waitFor(() => messages.length > 0, { message: 'a message' });
    expect(messages).toEqual(['after']);
  });

  it('keeps a subscription over a server that hangs through several attempts to connect', async () => {
    const server = await serverOf();
    const client = await readyClientOf(server.url, { connectTimeoutMs: 200 });
    const lease = await client.lease('quotes');
    const messages: string[] = [];
    lease.redis.on('message', (_channel, message) => messages.push(message));
    await lease.run((redis) => redis.subscribe('kept', 'dropped'));
    await lease.run((redis) => redis.unsubscribe('dropped'));

    await suspend(server);
    let attempts = 0;
    lease.redis.on('connecting', () => attempts++);
    expect(await failureOf(lease.run((redis) => redis.ping()))).toMatchObject({ reason: 'timeout' });
    await waitFor(() => attempts >= 3, { message: 'three attempts to connect' });
    server.signal('SIGCONT');
    await lease.ready(AbortSignal.timeout(3_000));
    await client.ready(AbortSignal.timeout(3_000));

    const heard = await client.pipeline((pipeline) => pipeline.publish('dropped', 'x').publish('kept', 'y'));
    await waitFor(() => messages.length > 0, { message: 'a message' });
    expect([heard, messages]).toEqual([[0, 1], ['y']]);
  });
});
