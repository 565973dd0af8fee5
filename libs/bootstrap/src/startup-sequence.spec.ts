import { DatastoreError, type DatastoreName } from '@app/errors';
import { Lifecycle, type PreflightFinding } from '@app/lifecycle';
import { describe, expect, it } from 'vitest';
import { startUp, type StartupParticipants } from './startup-sequence.js';

const never = new AbortController().signal;

function participants(
  lifecycle: Lifecycle,
  changes: {
    applied?: () => Promise<string[]>;
    timeoutMs?: number;
    checkTimeoutMs?: number;
    initWait?: 'database' | 'none';
    warned?: PreflightFinding[];
  } = {},
): StartupParticipants {
  return {
    config: {
      health: {
        intervalMs: 1_000,
        timeoutMs: changes.checkTimeoutMs ?? 20,
        retries: 3,
        critical: ['postgres', 'redis'],
      },
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

const up = (lifecycle: Lifecycle, name: DatastoreName): void =>
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

/** The longest wait for the first look at a datastore that is not critical is a second. */
const lessThanTheWaitMs = 900;

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

  it.each<[string, (lifecycle: Lifecycle) => void]>([
    ['works', (lifecycle) => up(lifecycle, 'influxdb')],
    [
      'does not',
      ({ datastores }) =>
        datastores.record('influxdb', { status: 'down', writable: false, reason: 'refused' }),
    ],
  ])('has looked at a datastore that is not critical before it serves, and it %s', async (_, see) => {
    const lifecycle = upLifecycle();
    lifecycle.startup.onUpdate((report) => {
      if (report.waitingFor?.join() === 'influxdb (pending)') see(lifecycle);
    });
    const from = performance.now();
    await startUp(participants(lifecycle, { checkTimeoutMs: 60_000 }), never);
    expect(performance.now() - from).toBeLessThan(lessThanTheWaitMs);
    expect(lifecycle.datastores.get('influxdb').reason).not.toBe('pending');
    expect(lifecycle.startup.report().flatMap(({ waitingFor = [] }) => waitingFor)).toEqual([]);
  });

  it.each([
    ['as long as a check may take', 200, 190, lessThanTheWaitMs],
    ['a second where that is longer', 60_000, 990, 3_000],
  ])('waits for that for %s, no longer', async (_, checkTimeoutMs, atLeastMs, lessThanMs) => {
    const lifecycle = upLifecycle();
    const from = performance.now();
    await startUp(participants(lifecycle, { checkTimeoutMs }), never);
    const tookMs = performance.now() - from;
    expect(tookMs).toBeGreaterThanOrEqual(atLeastMs);
    expect(tookMs).toBeLessThan(lessThanMs);
    expect(lifecycle.datastores.get('influxdb').reason).toBe('pending');
  });

  it('does not wait for it beyond STARTUP_TIMEOUT either, and serves', async () => {
    const lifecycle = upLifecycle();
    const from = performance.now();
    await startUp(participants(lifecycle, { checkTimeoutMs: 60_000, timeoutMs: 50 }), never);
    expect(performance.now() - from).toBeLessThan(lessThanTheWaitMs);
    expect(lifecycle.application.phase).toBe('serving');
  });

  it('ends at once when the process is told to end meanwhile', async () => {
    const lifecycle = upLifecycle();
    const controller = new AbortController();
    lifecycle.startup.onUpdate(({ waitingFor }) => {
      if (waitingFor?.join() === 'influxdb (pending)') controller.abort(new Error('SIGTERM'));
    });
    const from = performance.now();
    const started = startUp(participants(lifecycle, { checkTimeoutMs: 60_000 }), controller.signal);
    await expect(started).rejects.toThrow('SIGTERM');
    expect(performance.now() - from).toBeLessThan(lessThanTheWaitMs);
    expect(lifecycle.application.phase).toBe('starting');
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
