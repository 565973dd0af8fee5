import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { DatastoreError } from '@app/errors';
import { freePort } from '@app/dev-services';
import type { PingResult } from '@app/lifecycle';
import { selfSignedCertificate, suspend, waitFor } from '@app/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RedisClient } from './redis-client.js';
import { clientOf, operatorOf, serverOf } from './redis.fixture.js';

const password = 'secret-password-of-the-test';

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no failure';
  } catch (error) {
    if (inspect(error, { depth: 10 }).includes(password)) return 'tells the password';
    return error instanceof DatastoreError ? error.reason : inspect(error);
  }
}

const ping = (client: RedisClient): Promise<PingResult> => client.ping(AbortSignal.timeout(2_000));

/** What a check, a dedicated connection and the shared one say of the same failure. */
async function reasonsOf(client: RedisClient): Promise<string[]> {
  const first = await Promise.all([reasonOf(ping(client)), reasonOf(client.lease('reader'))]);
  return [...first, await reasonOf(client.ready(AbortSignal.timeout(300)))];
}

const allOf = (reason: string): string[] => [reason, reason, reason];

async function startTcp(answer: string): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).end(answer));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const withPassword = (url: string, credentials: string): string => url.replace('//', `//${credentials}@`);

const write = (client: RedisClient): Promise<unknown> => client.run((redis) => redis.set('key', 'value'));

describe('redisFailureReason', () => {
  it('is dns for a name that does not resolve', async () => {
    expect(await reasonsOf(clientOf('redis://redis.invalid:6379'))).toEqual(allOf('dns'));
  });

  it('is refused for a closed port, and for a server that closes without an answer', async () => {
    expect(await reasonsOf(clientOf(`redis://127.0.0.1:${await freePort()}`))).toEqual(allOf('refused'));
    expect(await reasonsOf(clientOf(await startTcp('')))).toEqual(allOf('refused'));
  });

  it('is protocol for a server that is not Redis', async () => {
    const url = await startTcp('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await reasonsOf(clientOf(url))).toEqual(allOf('protocol'));
  });

  it('is timeout for a stopped process, and nothing once it goes on', async () => {
    const server = await serverOf();
    const client = clientOf(server.url, { connectTimeoutMs: 200 });
    await suspend(server);
    const startedAt = performance.now();
    const stopped = await reasonOf(client.ping(AbortSignal.timeout(200)));
    const took = performance.now() - startedAt;
    const others = [
      await reasonOf(client.lease('reader')),
      await reasonOf(client.ready(AbortSignal.timeout(500))),
    ];
    server.signal('SIGCONT');

    expect([stopped, ...others]).toEqual(allOf('timeout'));
    expect(took).toBeLessThan(500);
    await client.ready(AbortSignal.timeout(2_000));
    expect(await reasonsOf(client)).toEqual(allOf('no failure'));
  });

  it('is authentication without a password, with a wrong one and for an unknown user', async () => {
    const server = await serverOf();
    const operator = await operatorOf(server.url);
    await operator.config('SET', 'requirepass', password);

    expect(await reasonsOf(clientOf(server.url))).toEqual(allOf('authentication'));
    for (const credentials of [`:${password}-wrong`, `nobody:${password}`])
      expect(await reasonsOf(clientOf(withPassword(server.url, credentials)))).toEqual(
        allOf('authentication'),
      );
    expect(await reasonsOf(clientOf(withPassword(server.url, `:${password}`)))).toEqual(allOf('no failure'));
  });

  it('is nothing for a user who may do little, of whose server less is told', async () => {
    const server = await serverOf();
    const operator = await operatorOf(server.url);
    await operator.call('ACL', 'SETUSER', 'limited', 'on', `>${password}`, '~trades:*', '+get', '+set');
    const client = clientOf(withPassword(server.url, `limited:${encodeURIComponent(password)}`));

    expect(await reasonsOf(client)).toEqual(allOf('no failure'));
    expect(await ping(client)).toEqual({ facts: {} });
    expect(await client.run((redis) => redis.set('trades:1', 'x'))).toBe('OK');
    expect(await reasonOf(client.run((redis) => redis.del('trades:1')))).toBe('authentication');
  });

  it('is missing_database for a number the server does not have', async () => {
    const server = await serverOf();
    expect(await reasonsOf(clientOf(`${server.url}/16`))).toEqual(allOf('missing_database'));
  });

  it('is tls where none is spoken, for another name and for an unknown authority', async () => {
    const right = await selfSignedCertificate(['localhost', '127.0.0.1']);
    const named = await selfSignedCertificate(['redis.example']);
    const plain = await serverOf();
    const good = await serverOf({ tls: right });
    const misnamed = await serverOf({ tls: named });

    const wanting = clientOf(plain.url.replace('redis:', 'rediss:'), { connectTimeoutMs: 1_000 });
    expect(await reasonOf(ping(wanting))).toBe('tls');
    expect(await reasonOf(wanting.lease('reader'))).toBe('timeout');
    expect(await reasonsOf(clientOf(good.url))).toEqual(allOf('tls'));
    expect(await reasonsOf(clientOf(misnamed.url, { ca: named.cert }))).toEqual(allOf('tls'));
    expect(await reasonsOf(clientOf(good.url, { ca: right.cert }))).toEqual(allOf('no failure'));
    const byName = good.url.replace('127.0.0.1', 'localhost');
    expect(await reasonsOf(clientOf(byName, { ca: right.cert }))).toEqual(allOf('no failure'));
    expect(await reasonsOf(clientOf(good.url.replace('rediss:', 'redis:')))).toEqual(allOf('refused'));
  });

  it('is too_many_connections when the server has none to spare', async () => {
    const server = await serverOf({ args: ['--maxclients', '2'] });
    await waitFor(() => Promise.all([operatorOf(server.url), operatorOf(server.url)]));

    expect(await reasonsOf(clientOf(server.url))).toEqual(allOf('too_many_connections'));
  });

  it('is starting_up while the server loads its data', async () => {
    // In microseconds per key. Redis looks at its connections after each 1,024 of them: some twelve times in all.
    const server = await serverOf({ args: ['--key-load-delay', '200'] });
    const client = clientOf(server.url);
    await client.ready(AbortSignal.timeout(2_000));
    await client.pipeline((pipeline) => {
      for (let i = 0; i < 12_000; i++) pipeline.set(`key:${i}`, 'x');
    });
    server.signal('SIGKILL');
    const started = server.start();

    await waitFor(async () => (await reasonOf(ping(client))) === 'starting_up', { message: 'the loading' });
    await waitFor(async () => (await reasonOf(write(client))) === 'starting_up', {
      message: 'the same by work',
    });
    await started;
    await client.ready(AbortSignal.timeout(5_000));
    expect(await reasonsOf(client)).toEqual(allOf('no failure'));
  });

  it('is read_only for a replica, whose check says so and whose reads go on', async () => {
    const primary = await serverOf();
    const replica = await serverOf({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
    const client = clientOf(replica.url);
    await client.ready(AbortSignal.timeout(2_000));

    expect(await reasonOf(write(client))).toBe('read_only');
    expect(await ping(client)).toMatchObject({ degraded: 'read_only', facts: { role: 'replica' } });
    expect(await client.run((redis) => redis.get('key'))).toBeNull();
  });

  it('is out_of_memory above maxmemory, whose check says so and whose reads go on', async () => {
    const server = await serverOf({ args: ['--maxmemory', '100kb'] });
    const client = clientOf(server.url);
    await client.ready(AbortSignal.timeout(2_000));

    const works = [
      write(client),
      client.pipeline((pipeline) => pipeline.get('key').set('key', 'value')),
      client.run((redis) => redis.eval("return redis.call('SET', KEYS[1], 'value')", 1, 'key')),
      client.run((redis) => redis.multi().set('key', 'value').exec()),
    ];
    expect(await Promise.all(works.map(reasonOf))).toEqual(Array(4).fill('out_of_memory'));
    expect(await ping(client)).toEqual({
      version: server.version,
      degraded: 'out_of_memory',
      facts: {
        role: 'master',
        appendonly: true,
        maxmemory: 102_400,
        maxmemory_policy: 'noeviction',
        maxclients: expect.any(Number),
      },
    });
    expect(await client.run((redis) => redis.get('key'))).toBeNull();
  });

  it('is read_only when the server cannot save, and takes no writes for that', async () => {
    const server = await serverOf({ args: ['--appendonly', 'no', '--save', '3600 1'] });
    const operator = await operatorOf(server.url);
    const client = clientOf(server.url);
    await client.ready(AbortSignal.timeout(2_000));
    expect(await reasonOf(write(client))).toBe('no failure');
    await rm(join(server.dataDir, 'data'), { recursive: true });
    await operator.bgsave();

    await waitFor(async () => (await reasonOf(write(client))) === 'read_only', { message: 'a failed save' });
    expect(await ping(client)).toMatchObject({ degraded: 'read_only', facts: { appendonly: false } });
    expect(await client.run((redis) => redis.get('key'))).toBe('value');
    const late = clientOf(server.url);
    await late.ready(AbortSignal.timeout(2_000));
    expect(await late.run((redis) => redis.get('key'))).toBe('value');
    // Told to end, it would try to save and stay.
    server.signal('SIGKILL');
  });

  it('leaves nothing behind by its check', async () => {
    const server = await serverOf();
    const operator = await operatorOf(server.url);
    const client = clientOf(server.url);
    const before = await operator.info('persistence');
    expect(await ping(client)).toMatchObject({ version: server.version, facts: { appendonly: true } });
    const after = await operator.info('persistence');

    const sizeOf = (info: string): string | undefined => /aof_current_size:\d+/.exec(info)?.[0];
    expect(await operator.dbsize()).toBe(0);
    expect(sizeOf(after)).toBe(sizeOf(before));
  });
});
