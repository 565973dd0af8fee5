import { inTurns, type LoadPlan } from '../load.ts';
import { pin, processors } from '../processors.ts';
import { findWrk, type Wrk } from '../wrk.ts';
import { type Contest, startContest } from './contestants.ts';
import { loadTable, ratios } from './report.ts';
import type { Route } from './routes.ts';

/** Each process has to come to its speed by itself, and two do so half as fast. */
const plan = { connections: 50, seconds: 1, runs: 7, warmUps: 5 };
const warm = { ...plan, warmUps: 1 };

interface Load {
  readonly name: string;
  readonly route: Route;
  /** Per second of processor time, as a multiple of node:cluster's. */
  readonly goal: number;
}

/** Compares two workers under the supervisor with one process, and with two as node:cluster has them. */
export async function run(): Promise<void> {
  const wrk = await findWrk();
  const all = processors();
  const last = all.at(-1);
  if ('unavailable' in wrk) {
    console.log(`workers: not measured. ${wrk.unavailable}`);
    return;
  }
  await using contest = await startContest();
  const { connections, runs, seconds } = plan;
  const turns = `medians of ${String(runs)} alternating runs of ${String(seconds)} s`;
  console.log(`workers: ${String(connections)} connections at a time, ${turns}`);
  console.log(`  all programs, datastores and the client share ${count(all)}:`);
  await compare(wrk, contest, plan);
  if (last === undefined || all.length === 1) return;
  await settle(contest, all.slice(0, -1), last);
  console.log(
    `  each program has ${count(all.slice(0, -1))}, the client and the datastores one of their own:`,
  );
  await compare(wrk, contest, { ...warm, processor: last });
}

async function compare(wrk: Wrk, { one, two, plain, routes }: Contest, size: LoadPlan): Promise<void> {
  const { liveness, trades } = routes;
  const anew = { ...liveness, request: { headers: { connection: 'close' } } };
  const loads: readonly Load[] = [
    { name: 'liveness', route: liveness, goal: 0.9 },
    { name: 'POST /ticks of 100 trades', route: trades, goal: 0.9 },
    { name: 'liveness, each on a new connection', route: anew, goal: 0.5 },
  ];
  for (const { name, route, goal } of loads) {
    const contestants = [one, two, plain].map((form) => ({
      ...form,
      url: `${form.program.url}${route.path}`,
    }));
    const results = await inTurns(wrk, contestants, { ...size, request: route.request });
    const refused = results.filter(({ runs }) => runs.some((figures) => figures.refused > 0));
    if (refused.length > 0)
      throw new Error(`${name} was refused by ${refused.map((result) => result.name).join(', ')}.`);
    console.log(`  ${name}:`);
    console.log(loadTable(results));
    console.log(`  ${ratios(results)} (goal: at least ${String(goal)})`);
  }
}

/** Keeps the client and the datastores away from the programs, whatever those do with theirs. */
async function settle(
  { one, two, plain, datastores }: Contest,
  theirs: readonly number[],
  last: number,
): Promise<void> {
  for (const { program } of [one, two, plain]) await pin(program.pid, theirs);
  const { postgres, redis, influxdb } = datastores;
  for (const { pid } of [postgres, redis, influxdb]) await pin(pid, [last]);
}

const count = ({ length }: readonly number[]): string =>
  length === 1 ? '1 processor' : `${String(length)} processors`;
