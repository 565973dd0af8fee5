import { createServer } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, startPostgres, startRedis } from '@app/dev-services';
import { temporaryFolder, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { runApp, secretKey } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const start = (env: Readonly<Record<string, string>> = {}): Promise<Backend> =>
  startBackend({ ...datastores.env, ...env });

describe('the start', () => {
  it('takes its phases in order and ends with readiness', async () => {
    await using backend = await start();
    await backend.ready();
    const { status, body } = await backend.get('/health/startup');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      phase: 'serving',
      waitingFor: [],
      phases: [
        { name: 'validate', status: 'done' },
        { name: 'wait_for_init', status: 'done' },
        { name: 'preflight', status: 'done' },
        { name: 'serve', status: 'done' },
      ],
    });
  });

  it('answers health from the first moment and business routes with 503 until it serves', async () => {
    const redisUrl = `redis://127.0.0.1:${String(await freePort())}`;
    await using backend = await start({ REDIS_URL: redisUrl });
    await waitFor(async () => {
      const { body } = await backend.get('/health/startup');
      return JSON.stringify(body).includes('redis (refused)');
    });
    const answers = await Promise.all(
      ['/health', '/health/liveness', '/health/readiness', '/health/startup', '/instruments'].map(
        async (path) => {
          const { status, headers } = await backend.get(path);
          return [path, status, headers.has('retry-after')];
        },
      ),
    );
    expect(answers).toEqual([
      ['/health', 200, false],
      ['/health/liveness', 200, false],
      ['/health/readiness', 503, true],
      ['/health/startup', 503, true],
      ['/instruments', 503, true],
    ]);
    const { body } = await backend.get('/instruments');
    expect(body).toMatchObject({ code: 'not_serving', status: 503 });
  });

  it('serves once a critical datastore that was late has come', async () => {
    const port = await freePort();
    await using backend = await start({ REDIS_URL: `redis://127.0.0.1:${String(port)}` });
    await waitFor(async () =>
      JSON.stringify((await backend.get('/health/startup')).body).includes('redis (refused)'),
    );
    const redis = await startRedis({ port });
    try {
      await expect(backend.ready()).resolves.toBeUndefined();
    } finally {
      await redis.stop();
    }
  });

  it('ends with 69 and lists what is missing when it takes too long', async () => {
    const redisUrl = `redis://127.0.0.1:${String(await freePort())}`;
    await using backend = await start({ REDIS_URL: redisUrl, STARTUP_TIMEOUT: '2s' });
    await expect(backend.process.exited).resolves.toMatchObject({ code: 69 });
    expect(backend.process.stdout).toContain('the service still waits for: redis (refused).');
  });

  it('waits for the migrations of a database that has none', async () => {
    const empty = await startPostgres();
    try {
      await using backend = await start({ DATABASE_URL: empty.url });
      await waitFor(async () =>
        JSON.stringify((await backend.get('/health/startup')).body).includes(
          'the migration CreateInstruments',
        ),
      );
      const { code } = await runApp('db-init', { ...datastores.env, DATABASE_URL: empty.url });
      expect(code).toBe(0);
      await backend.ready();
    } finally {
      await empty.stop();
    }
  });

  it('opens by the status file of db-init, and ends with 69 when that says failed', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'status.json');
    const env = { ...datastores.env, INIT_STATUS_FILE: file, INIT_WAIT: 'file' };
    await using waiting = await start(env);
    await waitFor(async () =>
      JSON.stringify((await waiting.get('/health/startup')).body).includes('the init status file'),
    );
    await runApp('db-init', env);
    await waiting.ready();

    const failed = await runApp('db-init', { ...env, INIT_SEED_FILE: join(folder.path, 'nothing.json') });
    expect(failed.code).not.toBe(0);
    await using refused = await start(env);
    await expect(refused.process.exited).resolves.toMatchObject({ code: 69 });
    expect(refused.process.stdout).toContain('db-init failed: ');
  });

  it('ends with 78 when its port is in use', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    try {
      const { code, stdout } = await runApp('backend', {
        ...datastores.env,
        SECRET_KEY: secretKey,
        PORT: String(port),
        MANAGEMENT_PORT: '0',
      });
      expect({ code, named: stdout.includes(`127.0.0.1:${String(port)} (PORT)`) }).toEqual({
        code: 78,
        named: true,
      });
    } finally {
      other.close();
    }
  });

  it('writes the start and the log into the files of the guide', async () => {
    await using folder = await temporaryFolder();
    const logDir = join(folder.path, 'logs');
    await using backend = await start({ LOG_DIR: logDir, LOG_FILE: join(logDir, 'backend.log') });
    await backend.ready();
    backend.process.kill('SIGTERM');
    await backend.process.exited;
    const [startup, application] = await Promise.all(
      ['backend_startup.log', 'backend.log'].map((name) => readFile(join(logDir, name), 'utf8')),
    );
    expect(startup).toContain('"phase":"serve"');
    expect(application).toContain('draining → stopped (SIGTERM)');
    expect(startup).not.toContain('draining');
    expect(application).not.toContain(new URL(datastores.postgres.url).password);
  });
});

describe('the end', () => {
  // A process that serves alone can replace nobody at a SIGHUP.
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('after %s is 0, with every step done', async (signal) => {
    await using backend = await start({ WORKER_PROCESSES: '1' });
    await backend.ready();
    backend.process.kill(signal);
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
    expect(backend.process.stdout).toContain(`draining → stopped (${signal})`);
  });

  it('comes at once while starting', async () => {
    await using backend = await start({ REDIS_URL: `redis://127.0.0.1:${String(await freePort())}` });
    backend.process.kill('SIGTERM');
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it('turns readiness red at once and goes on serving for the drain delay', async () => {
    await using backend = await start({ SHUTDOWN_DRAIN_DELAY: '2s', SHUTDOWN_TIMEOUT: '10s' });
    await backend.ready();
    backend.process.kill('SIGTERM');
    await waitFor(async () => (await backend.get('/health/readiness')).status === 503);
    const readiness = await backend.get('/health/readiness');
    const business = await backend.get('/instruments');
    const liveness = await backend.get('/health/liveness');
    expect(readiness.body).toMatchObject({ status: 'shutting_down', phase: 'draining' });
    expect([business.status, business.headers.get('connection'), liveness.status]).toEqual([
      200,
      'close',
      200,
    ]);
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it('comes by force after a second signal', async () => {
    await using backend = await start({ SHUTDOWN_DRAIN_DELAY: '20s', SHUTDOWN_TIMEOUT: '30s' });
    await backend.ready();
    backend.process.kill('SIGTERM');
    const began = Date.now();
    await waitFor(() => Date.now() - began > 1_100);
    backend.process.kill('SIGTERM');
    await expect(backend.process.exited).resolves.toEqual({ code: 75, signal: null });
  });
});
