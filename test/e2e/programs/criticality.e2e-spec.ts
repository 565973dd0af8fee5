import type { DatastoreName } from '@app/errors';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { runApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const tick = { symbol: 'EUR-USD', price: '1.1', size: '3', timestamp: '2024-03-01T12:00:00Z', tradeId: '1' };
const day = 'interval=1m&from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z';

type Outcome = number | `503 ${string}`;

/** What each kind of route answers: the status, and the name of the datastore that is missed. */
async function outcomes(backend: Backend): Promise<Record<string, Outcome>> {
  const answers = {
    instruments: await backend.get('/instruments/EUR-USD'),
    quotes: await backend.get('/quotes/EUR-USD'),
    candles: await backend.get(`/candles/EUR-USD?${day}`),
    ticks: await backend.send('POST', '/ticks', { ticks: [tick] }),
  };
  return Object.fromEntries(
    Object.entries(answers).map(([route, { status, body }]) => {
      const { datastore } = body as { readonly datastore?: string };
      return [route, status === 503 ? `503 ${datastore ?? '?'}` : status];
    }),
  );
}

const all = { instruments: 200, quotes: 200, candles: 200, ticks: 202 };

describe('a datastore outside HEALTH_CRITICAL', () => {
  it.each<[DatastoreName, string, Record<string, Outcome>]>([
    ['postgres', 'redis,influxdb', { ...all, instruments: '503 postgres', candles: '503 postgres' }],
    ['redis', 'postgres,influxdb', { ...all, quotes: '503 redis', ticks: '503 redis' }],
    ['influxdb', 'postgres,redis', { ...all, candles: '503 influxdb' }],
  ])(
    'degrades while %s is away, and only the routes that need it answer 503',
    async (name, critical, missed) => {
      await using backend = await startBackend({
        ...datastores.env,
        HEALTH_CRITICAL: critical,
        INIT_WAIT: 'none',
        HEALTH_CHECK_INTERVAL: '500ms',
        HEALTH_CHECK_RETRIES: '1',
      });
      await backend.ready();
      const shown = async (): Promise<string> =>
        ((await backend.get('/health/readiness')).body as { readonly status: string }).status;
      await waitFor(async () => (await shown()) === 'ok');
      expect((await backend.send('POST', '/ticks', { ticks: [tick] })).status).toBe(202);
      const before = await outcomes(backend);

      datastores[name].signal('SIGKILL');
      await waitFor(async () =>
        JSON.stringify((await backend.get('/health/readiness')).body).includes(`"${name}":{"status":"down"`),
      );
      const readiness = await backend.get('/health/readiness');
      const during = await outcomes(backend);
      await datastores[name].start();
      await waitFor(async () => (await shown()) === 'ok');

      expect(before).toEqual(all);
      expect(readiness).toMatchObject({
        status: 200,
        body: {
          status: 'degraded',
          phase: 'serving',
          error: { [name]: { status: 'down', reason: 'refused' } },
        },
      });
      expect(during).toEqual(missed);
      expect(await outcomes(backend)).toEqual(all);
    },
  );
});
