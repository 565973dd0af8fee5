import { freePort, startInfluxdb } from '@app/dev-services';
import { FaultProxy, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { runApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
});
afterAll(() => datastores[Symbol.asyncDispose]());

describe('an InfluxDB that is absent at the start', () => {
  it('degrades the service, which takes trades and shows the candles once it has come', async () => {
    const port = await freePort();
    const env = { ...datastores.env, INFLUXDB_URL: `http://127.0.0.1:${String(port)}` };
    expect((await runApp('db-init', env)).code).toBe(0);
    await using backend = await startBackend({ ...env, HEALTH_CHECK_INTERVAL: '1s' });
    await backend.ready();

    const readiness = await backend.get('/health/readiness');
    expect(readiness).toMatchObject({
      status: 200,
      body: { status: 'degraded', error: { influxdb: { reason: 'refused' } } },
    });
    const tick = {
      symbol: 'EUR-USD',
      price: '1.1',
      size: '3',
      timestamp: '2024-03-01T12:00:00Z',
      tradeId: '1',
    };
    expect((await backend.send('POST', '/ticks', { ticks: [tick] })).status).toBe(202);
    const refused = await backend.get(
      '/candles/EUR-USD?interval=1m&from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z',
    );
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'datastore_unavailable', datastore: 'influxdb' },
    });

    const influxdb = await startInfluxdb({ port });
    try {
      const candles = await waitFor(
        async () => {
          const { status, body } = await backend.get(
            '/candles/EUR-USD?interval=1m&from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z',
          );
          return status === 200 && JSON.stringify(body).includes('"trades"') ? body : undefined;
        },
        { timeoutMs: 20_000 },
      );
      expect(candles).toEqual({
        candles: [
          {
            time: '2024-03-01T12:00:00Z',
            open: '1.10000',
            high: '1.10000',
            low: '1.10000',
            close: '1.10000',
            volume: '3',
            trades: 1,
            complete: true,
          },
        ],
        nextCursor: null,
      });
      await waitFor(async () =>
        JSON.stringify((await backend.get('/health/readiness')).body).includes('"status":"ok"'),
      );
    } finally {
      await influxdb.stop();
    }
  });
});

describe('an InfluxDB that is not critical, at the start', () => {
  const candles = '/candles/EUR-USD?interval=1m&from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z';

  /** Starts with InfluxDB behind a proxy that does this, and returns the first readiness that is 200. */
  async function firstReady(fault: Parameters<FaultProxy['set']>[0]) {
    const proxy = await FaultProxy.start(datastores.influxdb.port);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    await proxy.set(fault);
    const env = { ...datastores.env, INFLUXDB_URL: `http://127.0.0.1:${String(proxy.port)}` };
    expect((await runApp('db-init', datastores.env)).code).toBe(0);
    const backend = await startBackend(env);
    onTestFinished(() => backend[Symbol.asyncDispose]());
    const body = await waitFor(async () => {
      const readiness = await backend.get('/health/readiness');
      return readiness.status === 200 && readiness.body;
    });
    return { backend, body };
  }

  it('is looked at before the service serves, so that all of it works from the first moment', async () => {
    const { backend, body } = await firstReady({ kind: 'latency', requestMs: 0, answerMs: 150 });
    expect((await backend.get(candles)).status).toBe(200);
    expect(body).toMatchObject({ status: 'ok', phase: 'serving' });
  });

  it('is waited for no longer than a second when it says nothing', async () => {
    const { backend, body } = await firstReady({ kind: 'stall' });
    expect(body).toMatchObject({ status: 'degraded', error: { influxdb: { status: 'down' } } });
    const { phases } = (await backend.get('/health/startup')).body as {
      readonly phases: readonly { readonly name: string; readonly durationMs: number }[];
    };
    const { durationMs = NaN } = phases.find(({ name }) => name === 'preflight') ?? {};
    expect(durationMs).toBeGreaterThan(900);
    expect(durationMs).toBeLessThan(2_000);
  });
});
