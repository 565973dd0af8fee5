import type { FamilyText } from '@app/metrics';
import { parseExposition } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { Crew } from './crew.js';
import { CrewMetrics } from './crew-metrics.js';
import { type ScriptedWorker, ScriptedWorkers } from './scripted-workers.fixture.js';

interface Scene {
  readonly crew: Crew;
  readonly workers: ScriptedWorkers;
  readonly missed: (readonly number[])[];
  /** The samples of a scrape, as they stand in the text. */
  readonly scrape: () => Promise<Readonly<Record<string, number>>>;
}

/** Two workers that serve. */
function serving(): Scene {
  const workers = new ScriptedWorkers();
  const missed: (readonly number[])[] = [];
  const crew: Crew = new Crew({
    plan: { workers: 2, memoryShareBytes: undefined },
    startWorker: workers.start,
    now: () => 0,
    served: () => true,
    listener: {
      heard: (worker, message) => {
        if (message.type === 'metrics') metrics.told(worker, message.families ?? []);
      },
      ended: (worker, end) => {
        crew.ended(worker)?.restartAfter(0);
        metrics.ended(worker, end, false);
      },
    },
  });
  const metrics = new CrewMetrics({ crew, wanted: 2, missed: (numbers) => missed.push(numbers) });
  crew.startFirst();
  crew.startOthers();
  for (const worker of workers.started) worker.ready();
  const scrape: Scene['scrape'] = async () => {
    const families = parseExposition((await metrics.collect()).body);
    const samples = families.flatMap((family) => family.samples);
    return Object.fromEntries(
      samples.map(({ name, labels, value }) => [`${name}${Object.values(labels).join()}`, value]),
    );
  };
  return { crew, workers, missed, scrape };
}

/** Answers from now on with a counter and a gauge of this value. */
function answer(worker: ScriptedWorker | undefined, number: number, value: () => number): void {
  worker?.answers(() => {
    const sample = (name: string, type: FamilyText['type']): FamilyText => ({
      name,
      type,
      help: 'Some.',
      lines: [`${name}{worker="${String(number)}"} ${String(value())}`],
    });
    return [sample('asked_total', 'counter'), sample('open', 'gauge')];
  });
}

describe('CrewMetrics', () => {
  it('has the samples of all workers, and tells how many there are', async () => {
    const { workers, scrape } = serving();
    answer(workers.started[0], 1, () => 3);
    answer(workers.started[1], 2, () => 4);
    expect(await scrape()).toMatchObject({
      asked_total1: 3,
      asked_total2: 4,
      open1: 3,
      open2: 4,
      app_workers_wanted: 2,
      app_workers_ready: 2,
      app_workers_missing: 0,
      app_worker_deaths_totalsignal: 0,
      app_worker_restarts_total: 0,
      app_supervisor_resident_memory_bytes: expect.any(Number) as number,
    });
  });

  it.each([['has nothing to tell yet', () => []] as const, ['cannot answer', undefined] as const])(
    'calls one that starts and %s missing, and says nothing of it',
    async (_, answers) => {
      const { workers, missed, scrape } = serving();
      answer(workers.started[0], 1, () => 3);
      workers.started[1]?.end({ code: 1, signal: null });
      (await workers.nth(3)).answers(answers);
      expect(await scrape()).toMatchObject({ app_workers_ready: 1, app_workers_missing: 1 });
      expect(missed).toEqual([]);
    },
  );

  it('keeps the counters of a worker that has died, and none of its gauges, and goes on with the next one', async () => {
    const { workers, scrape } = serving();
    answer(workers.started[0], 1, () => 3);
    answer(workers.started[1], 2, () => 4);
    await scrape();
    workers.started[0]?.end({ code: null, signal: 'SIGSEGV' });
    const without = await scrape();
    const third = await workers.nth(3);
    third.ready();
    answer(third, 1, () => 1);
    const after = await scrape();
    expect([without, after]).toMatchObject([
      { asked_total1: 3, app_workers_ready: 1, app_workers_missing: 1, app_worker_deaths_totalsignal: 1 },
      {
        asked_total1: 4,
        open1: 1,
        app_workers_ready: 2,
        app_workers_missing: 0,
        app_worker_restarts_total: 1,
      },
    ]);
    expect(without).not.toHaveProperty('open1');
  });

  it('has each sample once while a worker is being replaced, and counts what the old one tells at its end', async () => {
    const { crew, workers, scrape } = serving();
    answer(workers.started[0], 1, () => 3);
    answer(workers.started[1], 2, () => 4);
    const [old] = workers.started;
    if (old !== undefined) old.obedient = false;
    const retired = Promise.withResolvers<unknown>();
    void crew.replaceAll({ retire: retired.resolve, limitMs: 10_000 }, () => false);
    const third = await workers.nth(3);
    answer(third, 1, () => 1);
    const before = await scrape();
    third.ready();
    await retired.promise;
    const between = await scrape();
    answer(old, 1, () => 5);
    old?.tell({ type: 'collect' });
    const last = await scrape();
    old?.end({ code: 0, signal: null });
    const after = await scrape();
    expect([before, between, last, after]).toMatchObject([
      { asked_total1: 3, open1: 3 },
      { asked_total1: 4, open1: 1 },
      { asked_total1: 6, open1: 1 },
      { asked_total1: 6, open1: 1, app_worker_restarts_total: 0 },
    ]);
  });

  it('says which worker has not answered, has its counters as they were, and none of its gauges', async () => {
    const { workers, missed, scrape } = serving();
    answer(workers.started[0], 1, () => 3);
    answer(workers.started[1], 2, () => 4);
    await scrape();
    workers.started[1]?.answers(undefined);
    const seen = await scrape();
    expect(seen).toMatchObject({ asked_total1: 3, asked_total2: 4, open1: 3, app_workers_missing: 1 });
    expect(seen).not.toHaveProperty('open2');
    expect(missed).toEqual([[2]]);
  });
});
