import { runProcess, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { logOf } from '../../support/log.js';
import { probing } from '../../support/probe.js';
import { root, runApp } from '../../support/programs.js';
import { servingWorkers, workersOf } from '../../support/workers.js';

/** WORKER_STUCK_TIMEOUT. */
const limitMs = 3_000;
/** Besides it: one look of the supervisor, and the start of a worker, on a machine that has other work. */
const startMs = 10_000;

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

function start(): Promise<Backend> {
  const env = {
    ...datastores.env,
    NODE_ENV: 'development',
    LOG_FORMAT: 'json',
    INIT_WAIT: 'none',
    WORKER_PROCESSES: '2',
    WORKER_STUCK_TIMEOUT: `${String(limitMs)}ms`,
  };
  return startBackend(env, {
    start: (all) =>
      runProcess(process.execPath, ['test/support/costly-service.fixture.ts'], {
        cwd: root,
        env: { ...env, ...all },
      }),
  });
}

describe('a worker in an endless loop', () => {
  it('is replaced within its time, while the others answer', async () => {
    await using backend = await start();
    const before = await servingWorkers(backend, 2);
    using requests = probing(`${backend.url}/api/v1/instruments`, 40);
    const from = performance.now();
    const looping = backend.send('POST', '/loop', {}).catch(() => 'broken');
    const replaced = await waitFor(
      async () => {
        const response = await fetch(`${backend.url}/api/v1/health/detailed`, {
          headers: { connection: 'close' },
          signal: AbortSignal.timeout(limitMs + startMs),
        });
        const { workers } = (await response.json()) as { workers: typeof before };
        const changed = workers.filter(({ pid }) => !before.some((worker) => worker.pid === pid));
        return changed.length === 1 && changed[0]?.state === 'serving' ? changed[0] : undefined;
      },
      { timeoutMs: limitMs + startMs },
    );
    const tookMs = performance.now() - from;
    const killed = logOf(backend.process).filter(({ level }) => level === 'fatal');
    expect(killed).toHaveLength(1);
    expect(killed[0]?.msg).toContain('its event loop is stuck');
    expect(await looping).toBe('broken');
    expect([replaced.restarts, tookMs > limitMs, tookMs < limitMs + startMs]).toEqual([1, true, true]);
    const meanwhile = requests.answers.filter(({ at }) => at > from);
    expect([requests.unanswered, meanwhile.filter(({ status }) => status !== 200)]).toEqual([0, []]);
    expect(meanwhile.length).toBeGreaterThan(limitMs / 100);
    // Its turn came once, and what it was given then was given to another when it was killed.
    expect(meanwhile.filter(({ tookMs }) => tookMs > limitMs / 2).length).toBeLessThanOrEqual(1);
    const others = meanwhile.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other);
    process.stderr.write(
      `endless loop: another serves after ${tookMs.toFixed(0)} ms; ${String(others.length)} requests meanwhile, longest ${others
        .slice(-2)
        .map((ms) => ms.toFixed(0))
        .join(' and ')} ms\n`,
    );
    expect(await workersOf(backend)).toHaveLength(2);
  });
});
