import { freePort, startInfluxdb } from '@app/dev-services';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { runApp, secretKey } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
});
afterAll(() => datastores[Symbol.asyncDispose]());

const publicPaths = [
  '/health',
  '/health/liveness',
  '/health/readiness',
  '/health/startup',
  '/health/detailed',
  '/instruments',
  '/instruments/EUR-USD',
  '/quotes/EUR-USD',
  '/candles/EUR-USD?interval=1m&from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z',
];

/** Everything that somebody without a token is told, bodies and headers. */
async function toldToThePublic(backend: Backend): Promise<string> {
  const api = publicPaths.map((path) => fetch(`${backend.url}/api/v1${path}`));
  const management = ['/livez', '/readyz', '/startupz'].map((path) => fetch(backend.managementUrl + path));
  const answers = await Promise.all([...api, ...management]);
  const texts = answers.map(async (answer) =>
    [answer.status, JSON.stringify([...answer.headers]), await answer.text()].join(' '),
  );
  return (await Promise.all(texts)).join('\n');
}

/** Which of the words a text holds. */
const found = (text: string, words: readonly string[]): string[] =>
  words.filter((word) => text.includes(word));

async function detailed(backend: Backend): Promise<string> {
  const { stdout } = await runApp('cli', { SECRET_KEY: secretKey }, ['token', '--scope', 'read']);
  const { body } = await backend.get('/health/detailed', { authorization: `Bearer ${stdout.trim()}` });
  return JSON.stringify(body);
}

describe('what health tells the public of servers that fail', () => {
  it('is neither a user nor a database nor a message; the log and the authorized have them', async () => {
    const { postgres, redis } = datastores;
    const influxdb = await startInfluxdb({ env: { INFLUXDB_HTTP_AUTH_ENABLED: 'true' } });
    onTestFinished(() => influxdb.stop());
    const url = new URL(postgres.url);
    Object.assign(url, {
      username: 'ledger_user',
      password: 'ledger-password',
      pathname: '/ledger_database',
    });
    await using backend = await startBackend({
      DATABASE_URL: url.href,
      REDIS_URL: redis.url,
      INFLUXDB_URL: influxdb.url,
      INFLUXDB_DATABASE: 'ledger_bucket',
      INFLUXDB_USERNAME: 'ledger_writer',
      INFLUXDB_PASSWORD: 'influx-password',
      HEALTH_CRITICAL: 'redis',
      INIT_WAIT: 'none',
      HEALTH_DETAILS: 'authorized',
      HEALTH_CHECK_INTERVAL: '500ms',
    });
    await backend.ready();
    const readiness = await waitFor(async () => {
      const { body } = await backend.get('/health/readiness');
      return JSON.stringify(body).includes('pending') ? undefined : body;
    });
    const told = await toldToThePublic(backend);
    const everything = await detailed(backend);
    const log = backend.process.stdout;

    expect(readiness).toMatchObject({
      error: { postgres: { reason: 'authentication' }, influxdb: { reason: 'authentication' } },
    });
    const words = ['ledger', 'password', '127.0.0.1', url.port, new URL(influxdb.url).port];
    expect(found(told, words)).toEqual([]);
    expect(found(everything, ['password authentication failed for user', 'ledger_user'])).toHaveLength(2);
    expect(found(log, ['password authentication failed for user', 'ledger_user'])).toHaveLength(2);
    expect(found(everything + log, ['ledger-password', 'influx-password'])).toEqual([]);
  });

  it('is no address and no name of a host while the service waits for them', async () => {
    const port = String(await freePort());
    await using backend = await startBackend({
      DATABASE_URL: 'postgres://ledger_user:ledger-password@ledger-database.invalid/trading',
      REDIS_URL: `redis://127.0.0.1:${port}`,
      INFLUXDB_URL: 'http://ledger-influxdb.invalid:8086',
      HEALTH_DETAILS: 'authorized',
      HEALTH_CHECK_INTERVAL: '500ms',
    });
    const startup = await waitFor(async () => {
      const { body } = await backend.get('/health/startup');
      return JSON.stringify(body).includes('postgres (dns)') ? body : undefined;
    });
    await waitFor(
      async () => !JSON.stringify((await backend.get('/health/readiness')).body).includes('pending'),
    );
    const told = await toldToThePublic(backend);
    const everything = await detailed(backend);

    expect(startup).toMatchObject({ waitingFor: ['postgres (dns)'] });
    expect(found(told, ['ledger', 'invalid', '127.0.0.1', port])).toEqual([]);
    const known = ['ledger-database.invalid', `127.0.0.1:${port}`, 'ledger-influxdb.invalid'];
    expect(found(everything, known)).toEqual(known);
    expect(found(backend.process.stdout, known)).toEqual(known);
  });
});
