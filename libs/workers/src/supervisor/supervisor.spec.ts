import { setImmediate as turn } from 'node:timers/promises';
import type { ExitCode } from '@app/errors';
import { waitFor } from '@app/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { OomKills } from './oom-kills.js';
import { RestartPolicy } from './restart-policy.js';
import { ScriptedWorkers, settings } from './scripted-workers.fixture.js';
import { Supervisor } from './supervisor.js';
import { SupervisorLog } from './supervisor-log.js';

interface Scene {
  readonly supervisor: Supervisor;
  readonly workers: ScriptedWorkers;
  readonly ended: Promise<ExitCode>;
  readonly errors: string[];
}

const scenes: Scene[] = [];

function supervise(count = 2): Scene {
  const workers = new ScriptedWorkers();
  const errors: string[] = [];
  const noMemory = { limitBytes: undefined, usageBytes: undefined, workingSetBytes: undefined };
  const supervisor = new Supervisor({
    plan: {
      workers: count,
      supervised: true,
      heap: undefined,
      heapFlags: [],
      memoryShareBytes: 1_000,
      notes: [],
    },
    startWorker: workers.start,
    policy: new RestartPolicy(() => 0),
    oomKills: new OomKills(() => ({ ...noMemory, oomKills: undefined })),
    log: new SupervisorLog({
      writeError: (text) => void errors.push(text),
      output: { write: () => undefined },
    }),
    now: () => performance.now(),
  });
  const scene = { supervisor, workers, ended: supervisor.run(), errors };
  scenes.push(scene);
  return scene;
}

/** Two workers that serve. */
async function serving(): Promise<Scene> {
  const scene = supervise();
  (await scene.workers.nth(1)).ready();
  (await scene.workers.nth(2)).ready();
  return scene;
}

afterEach(async () => {
  for (const { supervisor, workers, ended } of scenes.splice(0)) {
    for (const worker of workers.started) worker.obedient = true;
    supervisor.shutDown('the test is over');
    supervisor.force('the test is over');
    await ended;
  }
});

describe('Supervisor', () => {
  it('starts the first worker alone, and the others when it is ready', async () => {
    const { workers } = supervise(3);
    const first = await workers.nth(1);
    first.say({ type: 'settings', settings });
    await turn();
    const before = workers.started.length;
    first.ready();
    expect([before, workers.started.length]).toEqual([1, 3]);
  });

  it('gives each its number, which stays, and its share of the memory', async () => {
    const { workers } = await serving();
    workers.started[1]?.end({ code: null, signal: 'SIGKILL' });
    await workers.nth(3);
    expect(workers.seats).toMatchObject(
      [1, 2, 2].map((number) => ({ type: 'seat', number, memoryShareBytes: 1_000 })),
    );
  });

  it('tells a worker whether the service starts with it: not once any has served', async () => {
    const { workers } = supervise();
    (await workers.nth(1)).end({ code: 1, signal: null });
    (await workers.nth(2)).ready();
    (await workers.nth(2)).end({ code: 1, signal: null });
    await workers.nth(4);
    expect(workers.seats).toMatchObject(
      [
        [1, true],
        [1, true],
        [2, false],
        [1, false],
      ].map(([number, firstStart]) => ({ number, firstStart })),
    );
  });

  it.each([69, 78] as const)('ends with %i of a first worker', async (code) => {
    const { workers, ended } = supervise();
    (await workers.nth(1)).end({ code, signal: null });
    await expect(ended).resolves.toBe(code);
    expect(workers.started).toHaveLength(1);
  });

  it('ends with 70, and says why, when five workers die before they are ready', async () => {
    const { workers, ended, errors } = supervise();
    for (let n = 1; n <= 5; n += 1) (await workers.nth(n)).end({ code: 1, signal: null });
    await expect(ended).resolves.toBe(70);
    expect(errors.at(-1)).toBe('No worker can live: 5 workers died within 30 s before they were ready.\n');
  });

  it('tries 78 of a later worker again', async () => {
    const { workers } = await serving();
    workers.started[0]?.end({ code: 70, signal: null });
    (await workers.nth(3)).end({ code: 78, signal: null });
    await expect(workers.nth(4)).resolves.toBeDefined();
  });

  it('kills a worker that gives no sign of life, and replaces it', async () => {
    const { workers } = await serving();
    const [stuck, other] = workers.started;
    if (stuck !== undefined) stuck.alive = false;
    await workers.nth(3);
    expect([stuck?.killed, other?.killed]).toEqual([['SIGKILL'], []]);
  });

  it('tells a worker to end only when the one in its place is ready', async () => {
    const { supervisor, workers } = await serving();
    supervisor.reload();
    const third = await workers.nth(3);
    const before = workers.started.flatMap(({ orders }) => orders);
    third.ready();
    const fourth = await workers.nth(4);
    const between = workers.started.map(({ orders }) => orders);
    fourth.ready();
    await waitFor(() => workers.started[1]?.orders.length === 1);
    expect({ before, between }).toEqual({ before: [], between: [['replace'], [], [], []] });
  });

  it('leaves all as they are when a new worker cannot serve', async () => {
    const { supervisor, workers } = await serving();
    supervisor.reload();
    (await workers.nth(3)).end({ code: 78, signal: null });
    // The next roll begins only when this one is over.
    supervisor.reload();
    await workers.nth(4);
    expect(workers.started.map(({ orders }) => orders)).toEqual([[], [], [], []]);
  });

  it('takes a new worker for one that has died while it was to be replaced', async () => {
    const { supervisor, workers } = await serving();
    supervisor.reload();
    const third = await workers.nth(3);
    workers.started[0]?.end({ code: null, signal: 'SIGKILL' });
    third.ready();
    (await workers.nth(4)).ready();
    await waitFor(() => workers.started[1]?.orders.length === 1);
    expect(workers.started).toHaveLength(4);
  });

  it('kills a replaced worker that does not end in time', async () => {
    const { supervisor, workers } = await serving();
    const [first] = workers.started;
    if (first !== undefined) first.obedient = false;
    supervisor.reload();
    (await workers.nth(3)).ready();
    await waitFor(() => first?.killed.length === 1);
    await expect(workers.nth(4)).resolves.toBeDefined();
  });

  it('ends with 0 when all have ended so, and starts none any more', async () => {
    const { supervisor, workers, ended } = await serving();
    supervisor.shutDown('SIGTERM');
    await expect(ended).resolves.toBe(0);
    expect(workers.started.map(({ orders }) => orders)).toEqual([['drain'], ['drain']]);
  });

  it('ends with 75 those that do not end, after SHUTDOWN_TIMEOUT', async () => {
    const { supervisor, workers, ended } = await serving();
    for (const worker of workers.started) worker.obedient = false;
    supervisor.shutDown('SIGTERM');
    await expect(ended).resolves.toBe(75);
    expect(workers.started.map(({ killed }) => killed)).toEqual([['SIGKILL'], ['SIGKILL']]);
  });
});
