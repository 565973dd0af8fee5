import { freePort } from '@app/dev-services';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import {
  alive,
  allUp,
  away,
  bodies,
  done,
  named,
  none,
  number,
  readiness,
  started,
  time,
} from '../../support/health-bodies.js';
import { runApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const start = (env: Readonly<Record<string, string>> = {}): Promise<Backend> =>
  startBackend({
    ...datastores.env,
    HEALTH_CHECK_INTERVAL: '500ms',
    HEALTH_CHECK_RETRIES: '2',
    SHUTDOWN_DRAIN_DELAY: '2s',
    SHUTDOWN_TIMEOUT: '10s',
    ...env,
  });

const readinessWhen = (backend: Backend, text: string): Promise<boolean> =>
  waitFor(async () => JSON.stringify((await backend.get('/health/readiness')).body).includes(text), {
    message: text,
  });

describe('the health bodies', () => {
  it('while starting', async () => {
    await using backend = await start({ REDIS_URL: `redis://127.0.0.1:${String(await freePort())}` });
    await readinessWhen(backend, '"influxdb":{"status":"up"}');
    await waitFor(async () =>
      JSON.stringify((await backend.get('/health/startup')).body).includes('redis (refused)'),
    );
    const { postgres, influxdb } = allUp;
    const info = { postgres, influxdb };
    const error = { redis: away('refused', null) };
    expect(await bodies(backend)).toEqual([
      [200, named('starting')],
      [200, alive('starting')],
      [503, { status: 'error', phase: 'starting', info, error, details: { ...info, ...error } }],
      [
        503,
        {
          ...none,
          status: 'error',
          phase: 'starting',
          phases: [
            done('validate'),
            done('wait_for_init'),
            { name: 'preflight', status: 'running', startedAt: time, durationMs: number },
            { name: 'serve', status: 'pending', startedAt: null, durationMs: null },
          ],
          waitingFor: ['redis (refused)'],
        },
      ],
    ]);
  });

  it('while serving, degraded, with a critical datastore down, and draining', async () => {
    await using backend = await start();
    await backend.ready();
    await readinessWhen(backend, '"status":"ok"');
    const serving = await bodies(backend);

    datastores.influxdb.signal('SIGKILL');
    await readinessWhen(backend, '"influxdb":{"status":"down"');
    const degraded = await bodies(backend);

    datastores.redis.signal('SIGSTOP');
    await readinessWhen(backend, '"redis":{"status":"degraded"');
    const borne = await backend.get('/health/readiness');
    await readinessWhen(backend, '"redis":{"status":"down"');
    const down = await bodies(backend);
    datastores.redis.signal('SIGCONT');
    await datastores.influxdb.start();
    await readinessWhen(backend, '"status":"ok"');

    backend.process.kill('SIGTERM');
    await readinessWhen(backend, 'draining');
    const draining = await bodies(backend);
    const end = await backend.process.exited;

    const { postgres, redis } = allUp;
    const others = { postgres, redis };
    const gone = { influxdb: away('refused') };
    const servingRest = [200, started('serving')];
    expect(serving).toEqual([
      [200, named('serving')],
      [200, alive('serving')],
      readiness(200, 'ok', allUp, {}),
      servingRest,
    ]);
    expect(degraded).toEqual([
      [200, named('serving')],
      [200, alive('serving')],
      readiness(200, 'degraded', others, gone),
      servingRest,
    ]);
    expect([borne.status, borne.body]).toEqual(
      readiness(200, 'degraded', { postgres, redis: away('timeout', time, 'degraded') }, gone),
    );
    expect(down).toEqual([
      [200, named('serving')],
      [200, alive('serving')],
      readiness(503, 'error', { postgres }, { redis: away('timeout'), ...gone }),
      servingRest,
    ]);
    expect(draining).toEqual([
      [200, named('draining')],
      [200, alive('draining')],
      readiness(503, 'shutting_down', allUp, {}, 'draining'),
      [200, started('draining')],
    ]);
    expect(end).toEqual({ code: 0, signal: null });
  });

  it('are the same, with the same headers, from the shortcut of the front door and from the application', async () => {
    await using backend = await start();
    await backend.ready();
    await readinessWhen(backend, '"status":"ok"');
    // A path with a query is none that the shortcut knows.
    const ask = async (query: string): Promise<unknown> => {
      const paths = ['/health/liveness', '/health/readiness', '/health/startup'];
      const asked = paths.map((path) => backend.get(`${path}${query}`, { 'x-request-id': 'probe' }));
      return (await Promise.all(asked)).map(({ status, headers, body }) => {
        const { date: _, ...rest } = Object.fromEntries(headers);
        return [status, rest, body];
      });
    };
    expect(await ask('')).toEqual(await ask('?asked=application'));
  });
});
