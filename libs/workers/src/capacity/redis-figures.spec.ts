import { type DevServer, startRedis } from '@app/dev-services';
import { RedisClient } from '@app/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRedisFigures } from './redis-figures.js';

describe('readRedisFigures', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startRedis({
      args: ['--maxclients', '77', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'],
    });
  });
  afterAll(() => server.stop());

  async function figures(url = server.url) {
    const client = new RedisClient({ url, maxConnections: 5, connectTimeoutMs: 2_000 });
    onTestFinished(() => client.close());
    client.connect();
    await client.ready(AbortSignal.timeout(5_000));
    return readRedisFigures(client);
  }

  it('tells the bounds, the policy and whether writes are kept', async () => {
    expect(await figures()).toEqual({
      maxClients: 77,
      others: 0,
      maxMemory: 64 * 2 ** 20,
      policy: 'allkeys-lru',
      appendOnly: true,
    });
  });

  it('counts the connections of others', async () => {
    const clients = [new Redis(server.url), new Redis(server.url)];
    onTestFinished(() => clients.forEach((client) => client.disconnect()));
    await Promise.all(clients.map((client) => client.ping()));
    expect((await figures()).others).toBe(2);
  });

  it('knows nothing where the user may not ask, and takes it for no failure', async () => {
    const admin = new Redis(server.url);
    onTestFinished(() => admin.disconnect());
    await admin.acl('SETUSER', 'trader', 'on', '>secret', '~*', '&*', '+@all', '-info');
    const url = new URL(server.url);
    url.username = 'trader';
    url.password = 'secret';
    expect(await figures(url.href)).toEqual({
      maxClients: undefined,
      others: 0,
      maxMemory: undefined,
      policy: undefined,
      appendOnly: undefined,
    });
  });
});
