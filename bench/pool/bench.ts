import { setTimeout as pause } from 'node:timers/promises';
import { build } from '../../scripts/build.ts';
import { median } from '../median.ts';
import { table } from '../table.ts';
import { type Contestant, startContest } from './contestants.ts';

/** Of one run. Many short ones in turns see the same machine, however much else it has to do. */
const runMs = 400;
/** Before a run counts: the connections beyond those that this pool keeps are opened anew, pg-pool has them still. */
const warmUpMs = 250;
const turns = 21;
const goal = 0.9;

/** How many queries at a time, and what that is to a pool of 10 and 20 more. */
const loads = [
  [5, 'fewer than it keeps'],
  [20, 'more than it keeps'],
  [100, 'more than it opens'],
] as const;

interface Run {
  readonly perSecond: number;
  /** Queries per second of this process's processor time. */
  readonly perCpuSecond: number;
}

/** Compares the pool with pre-ping with pg's own of the same bounds. */
export async function run(): Promise<void> {
  build();
  await using contest = await startContest();
  const { bare, own, always } = contest;
  console.log(
    `pool: medians of ${String(turns)} alternating runs of ${String(runMs)} ms; size 10, overflow 20`,
  );
  for (const [concurrency, meaning] of loads) {
    const contestants = [bare, own, always];
    const runs = contestants.map((): Run[] => []);
    // The first turn warms up.
    for (let turn = -1; turn < turns; turn += 1) {
      for (const [index, contestant] of contestants.entries()) {
        const figures = await load(contestant, concurrency);
        if (turn >= 0) runs[index]?.push(figures);
      }
    }
    console.log(`  ${String(concurrency)} queries at a time, ${meaning}:`);
    console.log(figuresTable(contestants, runs));
  }
  console.log(`  goal of this pool: at least ${String(goal)} × pg-pool`);
}

async function load(contestant: Contestant, concurrency: number): Promise<Run> {
  let queries = 0;
  const over = new AbortController();
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await contestant.query();
      queries += 1;
    }
  };
  const clients = Array.from({ length: concurrency }, client);
  await pause(warmUpMs);
  const [before, startedAt, cpuBefore] = [queries, performance.now(), process.cpuUsage()];
  await pause(runMs);
  const { user, system } = process.cpuUsage(cpuBefore);
  const [counted, seconds] = [queries - before, (performance.now() - startedAt) / 1e3];
  over.abort();
  await Promise.all(clients);
  return { perSecond: counted / seconds, perCpuSecond: counted / ((user + system) / 1e6) };
}

function figuresTable(contestants: readonly Contestant[], runs: readonly (readonly Run[])[]): string {
  const [bare = []] = runs;
  const rows = contestants.map(({ name }, index) => {
    const own = runs[index] ?? [];
    const ratio = (figure: keyof Run): string =>
      `${median(own.map((run, turn) => run[figure] / (bare[turn]?.[figure] ?? Number.NaN))).toFixed(2)} ×`;
    return [
      name,
      median(own.map(({ perSecond }) => perSecond)).toFixed(0),
      ratio('perSecond'),
      median(own.map(({ perCpuSecond }) => perCpuSecond)).toFixed(0),
      ratio('perCpuSecond'),
    ];
  });
  return table([['', 'queries/s', '', 'per s of processor time', ''], ...rows]);
}
