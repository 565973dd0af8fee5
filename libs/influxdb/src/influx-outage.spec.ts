import { DatastoreError } from '@app/errors';
import { freePort, startInfluxdb } from '@app/dev-services';
import { failureOf, failuresOf, FaultProxy, suspend, waitFor } from '@app/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOf } from './influxdb.fixture.js';

describe('InfluxClient while InfluxDB comes and goes', () => {
  it('writes as soon as a server is there that was not, and again after it was killed', async () => {
    const port = await freePort();
    const client = clientOf(`http://127.0.0.1:${port}`, { database: 'trading' });
    const failures = failuresOf(client);
    expect(await failureOf(client.write(['m v=1i 1']))).toMatchObject({ reason: 'refused' });

    const server = await startInfluxdb({ port });
    onTestFinished(() => server.stop());
    await client.write(['m v=1i 1']);
    server.signal('SIGKILL');
    const error = await waitFor(async () => {
      const result = await failureOf(client.write(['m v=2i 2']));
      return result === 'no failure' ? undefined : result;
    });
    await server.start();
    await client.write(['m v=3i 3']);

    expect(error).toMatchObject({ reason: 'refused' });
    expect(new Set(failures)).toEqual(new Set(['refused']));
    const [[series] = []] = await client.query('SELECT v FROM m WHERE v <> 2');
    expect(series?.rows).toEqual([
      ['1', '1'],
      ['3', '3'],
    ]);
  });

  it('takes whatever a server says while it stops for an outage, and not for a mistake of the query', async () => {
    const server = await startInfluxdb();
    onTestFinished(() => server.stop());
    const client = clientOf(server.url, { database: 'trading' });
    // A shard for each day, so that a query is long enough to be caught by the end.
    const day = 86_400_000_000_000n;
    await client.write(Array.from({ length: 200 }, (_, days) => `m v=1i ${String(BigInt(days) * day)}`));
    const queries = 'SELECT v FROM m; SELECT min(v), max(v) FROM m WHERE time < 200d GROUP BY time(1d)';
    const untilItFails = async (): Promise<unknown> => {
      for (;;) {
        const result = await failureOf(client.query(queries));
        if (result !== 'no failure') return result;
      }
    };
    const asking = Promise.all(Array.from({ length: 8 }, () => untilItFails()));
    await client.query(queries);
    server.signal('SIGTERM');
    for (const error of await asking) expect(error).toBeInstanceOf(DatastoreError);
  });

  it('is up again with a server that answers each request in time, though not two of them', async () => {
    const server = await startInfluxdb();
    onTestFinished(() => server.stop());
    await using proxy = await FaultProxy.start(server.port);
    await proxy.set({ kind: 'latency', requestMs: 0, answerMs: 300 });
    const client = clientOf(`http://127.0.0.1:${proxy.port}`, { database: 'trading' });
    const ping = () => client.ping(AbortSignal.timeout(500));
    // The first one has to find out the API, too.
    expect(await failureOf(ping())).toMatchObject({ reason: 'timeout' });
    await expect(ping()).resolves.toMatchObject({ version: server.version });
  });

  it('waits for a call in flight when it is closed, and ends one that hangs after a second', async () => {
    const server = await startInfluxdb();
    onTestFinished(() => server.stop());
    const client = clientOf(server.url, { database: 'trading' });
    await client.write(['m v=1i 1']);
    const finished = client.write(['m v=2i 2']);
    const other = clientOf(server.url, { database: 'trading' });
    await other.write(['m v=3i 3']);

    await client.close();
    await suspend(server);
    const hanging = failureOf(other.write(['m v=4i 4']));
    const startedAt = performance.now();
    await other.close();
    const error = await hanging;
    const took = performance.now() - startedAt;
    server.signal('SIGCONT');

    await expect(finished).resolves.toBeUndefined();
    expect(error).toMatchObject({ reason: 'timeout' });
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(3_000);
  });
});
