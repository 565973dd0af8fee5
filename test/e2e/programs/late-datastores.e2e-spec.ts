import { join } from 'node:path';
import { type DevServer, freePort, startPostgres, startRedis } from '@app/dev-services';
import { temporaryFolder, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { runApp } from '../../support/programs.js';

/** So long the backend waits before what it waits for is there: every pause between two looks is at its longest. */
const lateMs = 4_000;
const servesWithinMs = 2_000;

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

interface Startup {
  readonly phases: readonly { readonly name: string; readonly status: string; readonly durationMs: number }[];
  readonly waitingFor: readonly string[];
}

/** Waits until a phase has waited for something for long enough. */
async function hasWaited(backend: Backend, phase: string, what: string): Promise<void> {
  await waitFor(
    async () => {
      const { phases, waitingFor } = (await backend.get('/health/startup')).body as Startup;
      const running = phases.find(({ name, status }) => name === phase && status === 'running');
      return running !== undefined && running.durationMs > lateMs && waitingFor.includes(what);
    },
    { timeoutMs: 20_000, message: `${phase} to wait for ${what}` },
  );
}

async function readyAfter(backend: Backend): Promise<number> {
  const from = performance.now();
  await backend.ready();
  return performance.now() - from;
}

describe('what comes late', () => {
  it('delays serving by two seconds at most: the status file of db-init', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'status.json');
    const env = { ...datastores.env, INIT_STATUS_FILE: file, INIT_WAIT: 'file' };
    await using backend = await startBackend(env);
    await hasWaited(backend, 'wait_for_init', 'the init status file (not there)');
    await runApp('db-init', env);
    expect(await readyAfter(backend)).toBeLessThan(servesWithinMs);
  });

  it('delays serving by two seconds at most: PostgreSQL, while its migrations are waited for', async () => {
    const late: DevServer = await startPostgres();
    onTestFinished(() => late.stop());
    const env = { ...datastores.env, DATABASE_URL: late.url, INIT_WAIT: 'database' };
    await runApp('db-init', env);
    late.signal('SIGKILL');
    await using backend = await startBackend(env);
    await hasWaited(backend, 'wait_for_init', 'postgres (refused)');
    await late.start();
    expect(await readyAfter(backend)).toBeLessThan(servesWithinMs);
  });

  it('delays serving by two seconds at most: Redis, in the preflight', async () => {
    const port = await freePort();
    const env = { ...datastores.env, REDIS_URL: `redis://127.0.0.1:${String(port)}` };
    await using backend = await startBackend(env);
    await hasWaited(backend, 'preflight', 'redis (refused)');
    const late = await startRedis({ port });
    onTestFinished(() => late.stop());
    expect(await readyAfter(backend)).toBeLessThan(servesWithinMs);
    // Ready means that the routes work, too.
    expect((await backend.send('POST', '/ticks', { ticks: [tick] })).status).toBe(202);
  });
});

const tick = { symbol: 'EUR-USD', price: '1.1', size: '3', timestamp: '2024-03-01T12:00:00Z', tradeId: '1' };
