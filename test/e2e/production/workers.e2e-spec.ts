import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '@app/dev-services';
import { waitFor } from '@app/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { linesWith } from '../../support/log.js';
import { runApp, secretKey } from '../../support/programs.js';
import { servingWorkers, workersOf } from '../../support/workers.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const start = (env: Readonly<Record<string, string>> = {}): Promise<Backend> =>
  startBackend({ ...datastores.env, WORKER_PROCESSES: '2', ...env });

/** In every worker, code that runs before the program. */
const inWorkers = (code: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(`if (process.send) { ${code} }`)}`;

const nowhere = async (): Promise<string> => `redis://127.0.0.1:${String(await freePort())}`;

const pidsOf = async (backend: Backend): Promise<number[]> =>
  (await workersOf(backend)).map(({ pid }) => pid);

describe('two workers', () => {
  it('serve once the first one does, and `detailed` shows each', async () => {
    await using backend = await start();
    await backend.ready();
    const workers = await servingWorkers(backend, 2);
    expect(new Set([...workers.map(({ pid }) => pid), backend.process.pid]).size).toBe(3);
    expect(workers).toEqual(
      [1, 2].map((number) => ({
        number,
        pid: expect.any(Number) as number,
        state: 'serving',
        uptime: expect.any(Number) as number,
        restarts: 0,
        memory: { rss: expect.any(Number) as number, heapUsed: expect.any(Number) as number },
        eventLoop: expect.objectContaining({ p99Ms: expect.any(Number) as number }) as object,
        pools: {
          postgres: expect.objectContaining({}) as object,
          redis: expect.objectContaining({}) as object,
          influxdb: expect.objectContaining({}) as object,
        },
      })),
    );
    const [first] = linesWith(backend.process, 'serves');
    expect(first).toMatch(/^worker 1 /);
  });

  it('take connections in turn', async () => {
    await using backend = await start();
    await servingWorkers(backend, 2);
    const pids = await waitFor(async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const response = await fetch(`${backend.url}/api/v1/health/detailed`, {
            headers: { connection: 'close' },
          });
          return ((await response.json()) as { application: { pid: number } }).application.pid;
        }),
      );
      return new Set(answers).size === 2 && answers;
    });
    expect(pids).toHaveLength(8);
  });

  it('answer the probes of the management port together', async () => {
    await using backend = await start();
    await servingWorkers(backend, 2);
    const [one, other] = await pidsOf(backend);
    process.kill(one ?? 0, 'SIGKILL');
    process.kill(other ?? 0, 'SIGKILL');
    const at = async (path: string): Promise<number> =>
      (await fetch(`${backend.managementUrl}${path}`)).status;
    await waitFor(async () => (await at('/readyz')) === 503);
    expect([await at('/livez'), await at('/startupz')]).toEqual([200, 200]);
    await waitFor(async () => (await at('/readyz')) === 200, { timeoutMs: 20_000 });
  });

  it('are named in each line of the log, in metrics and to PostgreSQL', async () => {
    await using backend = await start();
    await servingWorkers(backend, 2);
    const logged = backend.process.stdout
      .split('\n')
      .filter((line) => line.includes('starting → serving'))
      .map((line) => (JSON.parse(line) as { worker: number }).worker);
    const metrics = await (await fetch(`${backend.managementUrl}/metrics`)).text();
    const measured = [...metrics.matchAll(/^process_cpu_seconds_total\{worker="(\d)"\}/gm)].map(([, n]) => n);
    const client = new Client({ connectionString: datastores.postgres.url });
    await client.connect();
    const known = await client.query<{ name: string }>(
      "SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE application_name LIKE 'trading-backend/%'",
    );
    await client.end();
    expect({
      logged: new Set(logged),
      measured: new Set(measured),
      known: new Set(known.rows.map(({ name }) => name)),
    }).toEqual({
      logged: new Set([1, 2]),
      measured: new Set(['1', '2']),
      known: new Set(['trading-backend/1', 'trading-backend/2']),
    });
  });

  it.each(['auto', '1'])('are %s: `auto` is supervised however many it makes, 1 is not', async (workers) => {
    await using backend = await start({ WORKER_PROCESSES: workers });
    await backend.ready();
    const [first] = await workersOf(backend);
    expect(first?.pid === backend.process.pid).toBe(workers === '1');
  });
});

describe('a first worker that cannot serve', () => {
  it('ends the service with 78 for a configuration that cannot work, and without a retry', async () => {
    const env = { ...datastores.env, SECRET_KEY: 'short', WORKER_PROCESSES: '2' };
    const { code, stderr } = await runApp('backend', env);
    expect({ code, mistakes: stderr.match(/^mistake {2}SECRET_KEY:/gm)?.length }).toEqual({
      code: 78,
      mistakes: 1,
    });
  });

  it('ends it with 69 for a dependency that does not come', async () => {
    await using backend = await start({ REDIS_URL: await nowhere(), STARTUP_TIMEOUT: '4s' });
    await expect(backend.process.exited).resolves.toEqual({ code: 69, signal: null });
    expect(backend.process.stdout).toContain('the service still waits for: redis (refused).');
  });

  it('is ended, and the service with 78, when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stdout } = await runApp('backend', {
      ...datastores.env,
      SECRET_KEY: secretKey,
      WORKER_PROCESSES: '2',
      PORT: String(port),
      MANAGEMENT_PORT: '0',
    });
    other.close();
    expect({ code, named: stdout.includes(`127.0.0.1:${String(port)} (PORT)`) }).toEqual({
      code: 78,
      named: true,
    });
  });

  it('ends it with 70 when five of them die', async () => {
    const { code, stderr } = await runApp('backend', {
      ...datastores.env,
      SECRET_KEY: secretKey,
      WORKER_PROCESSES: '2',
      NODE_OPTIONS: inWorkers('process.kill(process.pid, "SIGKILL")'),
    });
    expect(code).toBe(70);
    expect(stderr).toContain('No worker can live: 5 workers died within 30 s before they were ready.');
    expect(stderr.match(/was killed by SIGKILL \(before it was ready\)/g)).toHaveLength(5);
  });

  it('answers health while it starts, and leaves the service 0 when that is told to end', async () => {
    await using backend = await start({ REDIS_URL: await nowhere() });
    const { status } = await backend.get('/health/liveness');
    const readiness = await backend.get('/health/readiness');
    backend.process.kill('SIGTERM');
    const from = performance.now();
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
    expect([status, readiness.status, performance.now() - from < 2_000]).toEqual([200, 503, true]);
  });
});
