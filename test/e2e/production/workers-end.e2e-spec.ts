import { isRunning, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { linesWith } from '../../support/log.js';
import { runApp, startApp } from '../../support/programs.js';
import { noneRuns, servingWorkers } from '../../support/workers.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const start = (env: Readonly<Record<string, string>> = {}): Promise<Backend> =>
  startBackend({ ...datastores.env, WORKER_PROCESSES: '2', ...env });

describe('the end of two workers', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('after %s is 0, and nobody is left', async (signal) => {
    await using backend = await start();
    const pids = (await servingWorkers(backend, 2)).map(({ pid }) => pid);
    backend.process.kill(signal);
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
    expect(pids.filter((pid) => isRunning(pid))).toEqual([]);
    expect(linesWith(backend.process, `draining → stopped (${signal})`)).toHaveLength(2);
  });

  it('keeps the port open until all have kept the drain delay', async () => {
    await using backend = await start({ SHUTDOWN_DRAIN_DELAY: '2s' });
    await servingWorkers(backend, 2);
    backend.process.kill('SIGTERM');
    await waitFor(() => linesWith(backend.process, 'shutdown: draining').length === 2);
    const { status, headers } = await backend.get('/instruments');
    const readyz = await waitFor(async () => {
      const answer = await fetch(`${backend.managementUrl}/readyz`);
      return answer.status === 503 && answer.status;
    });
    expect([status, headers.get('connection'), readyz]).toEqual([200, 'close', 503]);
    await waitFor(() => linesWith(backend.process, 'shutdown: listener_closed').length === 2);
    await expect(backend.get('/instruments')).rejects.toThrow('fetch failed');
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
  });

  it('is 70 when one dies meanwhile', async () => {
    await using backend = await start({ SHUTDOWN_DRAIN_DELAY: '2s' });
    const [first] = await servingWorkers(backend, 2);
    backend.process.kill('SIGTERM');
    await waitFor(() => linesWith(backend.process, 'shutdown: draining').length === 2);
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await expect(backend.process.exited).resolves.toEqual({ code: 70, signal: null });
  });

  it('is 75 for those that are stuck when SHUTDOWN_TIMEOUT is over', async () => {
    await using backend = await start({ SHUTDOWN_TIMEOUT: '2s' });
    const pids = (await servingWorkers(backend, 2)).map(({ pid }) => pid);
    process.kill(pids[0] ?? 0, 'SIGSTOP');
    backend.process.kill('SIGTERM');
    await expect(backend.process.exited).resolves.toEqual({ code: 75, signal: null });
    expect(pids.filter((pid) => isRunning(pid))).toEqual([]);
  });

  it('is 75 after a second signal', async () => {
    await using backend = await start({ SHUTDOWN_DRAIN_DELAY: '20s', SHUTDOWN_TIMEOUT: '30s' });
    const pids = (await servingWorkers(backend, 2)).map(({ pid }) => pid);
    backend.process.kill('SIGTERM');
    const began = Date.now();
    await waitFor(() => Date.now() - began > 1_100);
    backend.process.kill('SIGTERM');
    await expect(backend.process.exited).resolves.toEqual({ code: 75, signal: null });
    expect(pids.filter((pid) => isRunning(pid))).toEqual([]);
  });

  it('comes by itself when the supervisor vanishes', async () => {
    await using backend = await start();
    const pids = (await servingWorkers(backend, 2)).map(({ pid }) => pid);
    onTestFinished(() => pids.filter((pid) => isRunning(pid)).forEach((pid) => process.kill(pid, 'SIGKILL')));
    backend.process.kill('SIGKILL');
    await noneRuns(pids);
    // What a process has written may be read after its end.
    const ends = (): string[] => linesWith(backend.process, 'draining → stopped (the supervisor is gone)');
    await waitFor(() => ends().length >= pids.length);
    expect(ends()).toHaveLength(pids.length);
  });

  it('is one drain when a terminal sends Ctrl-C to the whole group, also twice, and nobody is left', async () => {
    const env = { ...datastores.env, WORKER_PROCESSES: '2', SHUTDOWN_DRAIN_DELAY: '2s' };
    await using backend = await startBackend(env, {
      start: (all) => startApp('backend', all, [], { detached: true }),
    });
    await servingWorkers(backend, 2);
    backend.process.kill('SIGINT');
    const from = performance.now();
    await waitFor(() => linesWith(backend.process, 'shutdown: draining').length === 2);
    backend.process.kill('SIGINT');
    // Later than that it would be another one, which forces the end.
    expect(performance.now() - from).toBeLessThan(1_000);
    await expect(backend.process.exited).resolves.toEqual({ code: 0, signal: null });
    expect(linesWith(backend.process, 'shutdown: draining')).toHaveLength(2);
    expect(linesWith(backend.process, 'draining → stopped (SIGINT)')).toHaveLength(2);
    expect(() => process.kill(-backend.process.pid, 0)).toThrow('ESRCH');
  });
});
