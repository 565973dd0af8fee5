import { DatastoreError } from '@app/errors';
import { freePort } from '@app/dev-services';
import { failureOf, failuresOf, suspend, waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { clientOf, readyClientOf, serverOf } from './redis.fixture.js';

describe('RedisClient while Redis comes and goes', () => {
  it('fails at once while there is no server, and connects within two seconds once there is one', async () => {
    const port = await freePort();
    const client = clientOf(`redis://127.0.0.1:${port}`);
    client.connect();
    await waitFor(async () => {
      const error = await failureOf(client.run((redis) => redis.ping()));
      return error instanceof DatastoreError && error.reason === 'refused';
    });
    const startedAt = performance.now();
    const errors = [
      await failureOf(client.run((redis) => redis.ping())),
      await failureOf(client.lease('reader')),
    ];
    const failedIn = performance.now() - startedAt;

    await serverOf({ port });
    const upAt = performance.now();
    await client.ready(AbortSignal.timeout(5_000));
    const connectedIn = performance.now() - upAt;

    expect(errors).toEqual([
      expect.objectContaining({ reason: 'refused' }),
      expect.objectContaining({ reason: 'refused' }),
    ]);
    expect(failedIn).toBeLessThan(500);
    expect(connectedIn).toBeLessThan(2_000);
    expect(client.stats()).toMatchObject({ leased: 0, reconnects: 0 });
  });

  it('takes a server for dead that does not answer in time, fails at once from then on, and comes back', async () => {
    const server = await serverOf();
    const client = await readyClientOf(server.url, { connectTimeoutMs: 300 });
    const failures = failuresOf(client);

    await suspend(server);
    const first = await failureOf(client.run((redis) => redis.ping()));
    await waitFor(() => client.stats()['connectionsOpen'] === 0, {
      message: 'the connection to be given up',
    });
    const startedAt = performance.now();
    const later = await failureOf(client.run((redis) => redis.ping()));
    const failedIn = performance.now() - startedAt;
    server.signal('SIGCONT');
    await client.ready(AbortSignal.timeout(2_000));

    expect([first, later]).toEqual([
      expect.objectContaining({ reason: 'timeout' }),
      expect.objectContaining({ reason: 'timeout' }),
    ]);
    expect(failedIn).toBeLessThan(100);
    expect(new Set(failures)).toEqual(new Set(['timeout']));
    expect(await client.run((redis) => redis.ping())).toBe('PONG');
  });

  it('is closed in bounded time when the server hangs', async () => {
    const server = await serverOf();
    const client = await readyClientOf(server.url);
    await suspend(server);
    const hanging = failureOf(client.run((redis) => redis.ping()));
    const startedAt = performance.now();
    await client.close(AbortSignal.timeout(200));
    const took = performance.now() - startedAt;
    server.signal('SIGCONT');

    expect(await hanging).toBeInstanceOf(DatastoreError);
    expect(took).toBeLessThan(1_000);
  });
});
