import { inspect } from 'node:util';
import { DatastoreError } from '@app/errors';
import { type DevServer, startRedis } from '@app/dev-services';
import { failureOf, failuresOf } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisScript } from './redis-script.js';
import { clientOf, operatorOf, readyClientOf, uniqueKey } from './redis.fixture.js';

describe('RedisClient', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('runs commands and pipelines over one connection', async () => {
    const client = await readyClientOf(server.url);
    const key = uniqueKey();

    expect(await client.run((redis) => redis.set(key, 'text'))).toBe('OK');
    const answers = await client.pipeline((pipeline) => pipeline.get(key).append(key, '!').strlen(key));

    expect(answers).toEqual(['text', 5, 5]);
    expect(client.stats()).toEqual({
      connectionsOpen: 1,
      connectionsMax: 5,
      leased: 0,
      inFlight: 0,
      reconnects: 0,
    });
  });

  it('is not called well before commands can be sent', async () => {
    // One of ten was, by chance.
    for (let start = 0; start < 50; start += 1) {
      const client = clientOf(server.url);
      client.connect();
      await client.ping(AbortSignal.timeout(5_000));
      await expect(client.run((redis) => redis.ping())).resolves.toBe('PONG');
      await client.close();
    }
  });

  it('counts what is in flight', async () => {
    const client = await readyClientOf(server.url);
    const both = Promise.all([client.run((redis) => redis.ping()), client.pipeline((p) => p.ping())]);
    const { inFlight } = client.stats();
    await both;

    expect([inFlight, client.stats()['inFlight']]).toEqual([2, 0]);
  });

  it('passes on what a command has earned, without its arguments, and tells nobody of it', async () => {
    const client = await readyClientOf(server.url);
    const failures = failuresOf(client);
    const key = uniqueKey();
    await client.run((redis) => redis.set(key, 'text'));

    const errors = await Promise.all([
      failureOf(client.run((redis) => redis.lpush(key, 'a secret'))),
      failureOf(client.pipeline((pipeline) => pipeline.get(key).lpush(key, 'a secret'))),
      failureOf(client.run((redis) => redis.eval("return redis.error_reply('FENCED off')", 0))),
      failureOf(client.run(() => Promise.reject(new RangeError('a mistake of the caller')))),
    ]);

    expect(
      errors.map((error) => (error instanceof Error ? `${error.name}: ${error.message}` : error)),
    ).toEqual([
      'ReplyError: WRONGTYPE Operation against a key holding the wrong kind of value',
      'ReplyError: WRONGTYPE Operation against a key holding the wrong kind of value',
      'ReplyError: FENCED off',
      'RangeError: a mistake of the caller',
    ]);
    expect(inspect(errors, { depth: 10 })).not.toContain('a secret');
    expect(failures).toEqual([]);
  });

  it('runs a script whether or not the server knows it yet', async () => {
    const client = await readyClientOf(server.url);
    const script = new RedisScript("return {KEYS[1], ARGV[1], 'answer'}");
    await client.run((redis) => redis.script('FLUSH'));

    const first = await client.run((redis) => script.run(redis, ['k'], ['1']));
    const again = await client.run((redis) => script.run(redis, ['k'], [2]));

    expect([first, again]).toEqual([
      ['k', '1', 'answer'],
      ['k', '2', 'answer'],
    ]);
  });

  it('uses the database of the URL', async () => {
    const key = uniqueKey();
    await (await readyClientOf(`${server.url}/3`)).run((redis) => redis.set(key, 'in 3'));

    expect(await (await readyClientOf(`${server.url}/3`)).run((redis) => redis.get(key))).toBe('in 3');
    expect(await (await readyClientOf(server.url)).run((redis) => redis.get(key))).toBeNull();
  });

  it('fails what is in flight when the connection is lost, tells it once, and comes back', async () => {
    const operator = await operatorOf(server.url);
    const client = await readyClientOf(server.url, { name: 'loss-test' });
    const failures = failuresOf(client);
    const id = await client.run((redis) => redis.client('ID'));
    await operator.call('CLIENT', 'PAUSE', '10000', 'WRITE');
    const inFlight = [uniqueKey(), uniqueKey()].map((key) =>
      failureOf(client.run((redis) => redis.set(key, '1'))),
    );
    await operator.call('CLIENT', 'KILL', 'ID', String(id));
    await operator.call('CLIENT', 'UNPAUSE');

    const errors = await Promise.all(inFlight);
    await client.ready(AbortSignal.timeout(2_000));

    expect(errors.map((error) => error instanceof DatastoreError && error.reason)).toEqual([
      'refused',
      'refused',
    ]);
    expect(failures).toEqual(['refused']);
    expect(client.stats()).toMatchObject({ reconnects: 1, inFlight: 0, connectionsOpen: 1 });
  });

  it('lets commands in flight finish when it is closed, ends blocking reads, and takes no more', async () => {
    const client = await readyClientOf(server.url);
    const key = uniqueKey();
    const lease = await client.lease('reader', { replyTimeoutMs: 10_000 });
    const blocked = failureOf(lease.run((redis) => redis.blpop(uniqueKey(), 5)));
    const commands = Promise.all(Array.from({ length: 100 }, () => client.run((redis) => redis.incr(key))));

    await client.close();
    await client.close();

    expect((await commands).at(-1)).toBe(100);
    expect(await blocked).toMatchObject({ reason: 'refused' });
    expect(client.stats()).toMatchObject({ connectionsOpen: 0, leased: 0 });
    const late = [client.run((redis) => redis.ping()), client.ready(), client.lease('late')];
    const errors = await Promise.all(late.map(failureOf));
    expect(errors.map((error) => error instanceof DatastoreError && error.reason)).toEqual([
      'refused',
      'refused',
      'refused',
    ]);
  });
});
