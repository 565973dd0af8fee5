import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.js';
import { readWorkerSettings } from './worker-settings.js';

describe('readWorkerSettings', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'worker-settings-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    {},
    { NODE_ENV: 'production' },
    { NODE_ENV: 'production', WORKER_PROCESSES: '3', MEMORY_HEADROOM_PERCENT: '40' },
    { WORKER_PROCESSES: 'auto' },
    { WORKER_PROCESSES_FILE: 'workers' },
    { NODE_ENV: 'test' },
  ])('agrees with loadConfig in %j', async (env: Record<string, string>) => {
    writeFileSync(join(directory, 'workers'), '7\n');
    writeFileSync(join(directory, '.env.test'), 'WORKER_PROCESSES=2\n');
    const { performance } = (await loadConfig(['performance'], { env, directory })).config;
    expect(readWorkerSettings({ env, directory })).toEqual({
      workerProcesses: performance.workerProcesses,
      memoryHeadroomPercent: performance.memoryHeadroomPercent,
    });
  });

  it.each([
    [{ WORKER_PROCESSES: '65', MEMORY_HEADROOM_PERCENT: '4' }, 1],
    [{ WORKER_PROCESSES: 'many', NODE_ENV: 'production' }, 'auto'],
    [{ WORKER_PROCESSES_FILE: 'missing', MEMORY_HEADROOM_PERCENT: 'half', NODE_ENV: 'production' }, 'auto'],
  ] as const)('leaves the mistakes in %j to the worker', (env: Record<string, string>, workerProcesses) => {
    expect(readWorkerSettings({ env, directory })).toEqual({ workerProcesses, memoryHeadroomPercent: 25 });
  });
});
