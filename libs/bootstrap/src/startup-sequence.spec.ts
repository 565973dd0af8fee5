import { DatastoreError } from '@app/errors';
import { Lifecycle, type PreflightFinding } from '@app/lifecycle';
import { describe, expect, it } from 'vitest';
import { startUp, type StartupParticipants } from './startup-sequence.js';

const never = new AbortController().signal;

function participants(
  lifecycle: Lifecycle,
  changes: {
    applied?: () => Promise<string[]>;
    timeoutMs?: number;
    initWait?: 'database' | 'none';
    warned?: PreflightFinding[];
  } = {},
): StartupParticipants {
  return {
    config: {
      health: { intervalMs: 1_000, timeoutMs: 1_000, retries: 3, critical: ['postgres', 'redis'] },
      lifetime: {
        initWait: changes.initWait ?? 'database',
        initStatusFile: '',
        initSeedFile: undefined,
        startupTimeoutMs: changes.timeoutMs ?? 10_000,
        shutdownDrainDelayMs: 0,
        shutdownTimeoutMs: 1_000,
      },
    },
    lifecycle,
    load: () =>
      Promise.resolve({
        knownMigrations: ['A1'],
        appliedMigrations: changes.applied ?? (() => Promise.resolve(['A1'])),
      }),
    warn: (finding) => changes.warned?.push(finding),
  };
}

const up = (lifecycle: Lifecycle, name: 'postgres' | 'redis'): void =>
  lifecycle.datastores.record(name, { status: 'up', writable: true });

function upLifecycle(): Lifecycle {
  const lifecycle = new Lifecycle(['postgres', 'redis', 'influxdb']);
  up(lifecycle, 'postgres');
  up(lifecycle, 'redis');
  return lifecycle;
}

const finding = (severity: 'error' | 'warning', code: string): PreflightFinding => ({
  code,
  severity,
  detail: `${code} is wrong.`,
  advice: `Mend ${code}.`,
});

describe('startUp', () => {
  it('goes through its phases to serving, whatever a datastore that is not critical does', async () => {
    const lifecycle = upLifecycle();
    await startUp(participants(lifecycle), never);
    expect(lifecycle.application.phase).toBe('serving');
    expect(lifecycle.startup.report().map(({ name, status }) => [name, status])).toEqual([
      ['validate', 'pending'],
      ['wait_for_init', 'done'],
      ['preflight', 'done'],
      ['serve', 'done'],
    ]);
  });

  it('serves as soon as the last critical datastore has come', async () => {
    const lifecycle = new Lifecycle(['postgres', 'redis']);
    up(lifecycle, 'postgres');
    const started = startUp(participants(lifecycle, { initWait: 'none' }), never);
    lifecycle.startup.onUpdate((report) => {
      if (report.waitingFor?.join() === 'redis (pending)') up(lifecycle, 'redis');
    });
    await started;
    expect(lifecycle.application.phase).toBe('serving');
  });

  it('lists each critical dependency that is missing, and why, when the time is over', async () => {
    const lifecycle = new Lifecycle(['postgres', 'redis', 'influxdb']);
    lifecycle.datastores.record('redis', { status: 'down', writable: false, reason: 'refused' });
    const started = startUp(participants(lifecycle, { initWait: 'none', timeoutMs: 20 }), never);
    await expect(started).rejects.toMatchObject({
      code: 'startup_timeout',
      definition: { exitCode: 69 },
      dependencies: ['postgres (pending)', 'redis (refused)'],
    });
  });

  it('names the database that the init wait has not reached when the time is over', async () => {
    const away = (): Promise<never> => Promise.reject(new DatastoreError('postgres', 'dns'));
    const started = startUp(participants(upLifecycle(), { applied: away, timeoutMs: 20 }), never);
    await expect(started).rejects.toMatchObject({
      code: 'startup_timeout',
      dependencies: ['postgres (dns)'],
    });
  });

  it('refuses to serve when a preflight check finds an error, and passes on warnings', async () => {
    const lifecycle = upLifecycle();
    const warned: PreflightFinding[] = [];
    lifecycle.preflight.register({ name: 'one', run: () => Promise.resolve([finding('warning', 'small')]) });
    lifecycle.preflight.register({ name: 'two', run: () => Promise.resolve([finding('error', 'great')]) });
    await expect(startUp(participants(lifecycle, { warned }), never)).rejects.toMatchObject({
      definition: { exitCode: 78 },
      message: 'great is wrong. Mend great.',
    });
    expect(warned).toEqual([finding('warning', 'small')]);
    expect(lifecycle.application.phase).toBe('starting');
  });

  it('ends with the reason of the signal when the process is told to end', async () => {
    const lifecycle = new Lifecycle(['postgres', 'redis']);
    const controller = new AbortController();
    const started = startUp(participants(lifecycle, { initWait: 'none' }), controller.signal);
    controller.abort(new Error('SIGTERM'));
    await expect(started).rejects.toThrow('SIGTERM');
  });
});
