import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from '../cpu-time.ts';
import { startDatastores } from '../datastores.ts';
import { median } from '../median.ts';
import { type Memory, memoryOf } from '../memory.ts';
import { buildPeers, peer } from '../peers/build.ts';
import { layProduction, type Production } from '../production.ts';
import { type Program, startProgram } from '../program.ts';
import { table } from '../table.ts';
import { findWrk, type Wrk } from '../wrk.ts';

const workers = 2;
const starts = 7;
/** After the start has ended: it leaves garbage behind, and the supervisor hears from its workers each second. */
const idleMs = 5_000;
const goal = 1.3;

const figures = ['rss', 'pss', 'uss'] as const satisfies readonly (keyof Memory)[];
/** Each request opens a connection, so that the first process is what works. */
const load = { connections: 50, seconds: 3, headers: { connection: 'close' } };

interface Stages {
  readonly idle: Memory;
  /** After the load. */
  readonly worked: Memory;
}

interface Contestant {
  readonly path: string;
  readonly start: () => Promise<Program>;
}

/** Compares the memory of the supervisor with that of an empty primary of node:cluster with as many workers. */
export async function run(): Promise<void> {
  const wrk = await findWrk();
  if ('unavailable' in wrk) {
    console.log(`supervisor: not measured. ${wrk.unavailable}`);
    return;
  }
  await using datastores = await startDatastores();
  await using production = await layProduction(datastores);
  await buildPeers();
  const settings = { WORKER_PROCESSES: String(workers), RATE_LIMIT: '0' };
  const supervisor = {
    path: '/api/v1/health/liveness',
    start: () => production.start(workers, settings),
  };
  const primary = { path: '/', start: () => startPrimary(production) };
  const own: Stages[] = [];
  const bare: Stages[] = [];
  for (let start = 0; start < starts; start += 1) {
    own.push(await measure(wrk, supervisor));
    bare.push(await measure(wrk, primary));
  }
  const turns = `medians of ${String(starts)} alternating starts`;
  console.log(`supervisor: of ${String(workers)} workers; ${turns}`);
  const of = (runs: readonly Stages[], stage: keyof Stages): Memory[] => runs.map((run) => run[stage]);
  console.log(`  idle for ${String(idleMs / 1e3)} s (goal: at most ${String(goal)} × the RSS):`);
  console.log(memoryTable(of(own, 'idle'), of(bare, 'idle')));
  console.log(`  after ${String(load.seconds)} s of new connections, as many as it takes:`);
  console.log(memoryTable(of(own, 'worked'), of(bare, 'worked')));
}

/** Of a program's first process, once all of it has started and rested. */
async function measure(wrk: Wrk, { path, start }: Contestant): Promise<Stages> {
  await using program = await start();
  await pause(idleMs);
  const found = childrenOf(program.pid).length;
  if (found !== workers) throw new Error(`There are ${String(found)} workers instead of ${String(workers)}.`);
  const idle = memoryOf(program.pid);
  await wrk({ ...load, url: `${program.url}${path}` });
  return { idle, worked: memoryOf(program.pid) };
}

function startPrimary({ flags }: Production): Promise<Program> {
  const line = /^listening on (\S+)/;
  return startProgram({
    command: process.execPath,
    args: [...flags, peer('primary'), String(workers), peer('http-server')],
    env: {},
    listening: line,
    started: { line, times: workers },
  });
}

const middle = (runs: readonly Memory[], figure: keyof Memory): number =>
  median(runs.map((run) => run[figure]));

function memoryTable(own: readonly Memory[], bare: readonly Memory[]): string {
  const row = (name: string, cell: (figure: keyof Memory) => string): string[] => [
    name,
    ...figures.map((figure) => cell(figure)),
  ];
  return table([
    ['MiB', ...figures.map((figure) => figure.toUpperCase())],
    row('this supervisor', (figure) => middle(own, figure).toFixed(1)),
    row('an empty primary', (figure) => middle(bare, figure).toFixed(1)),
    row('ratio', (figure) => `${(middle(own, figure) / middle(bare, figure)).toFixed(2)} ×`),
  ]);
}
