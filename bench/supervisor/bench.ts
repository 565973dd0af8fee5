import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from '../cpu-time.ts';
import { startDatastores } from '../datastores.ts';
import { median } from '../median.ts';
import { type Memory, memoryOf } from '../memory.ts';
import { buildPeers, peer } from '../peers/build.ts';
import { layProduction, type Production } from '../production.ts';
import { type Program, startProgram } from '../program.ts';
import { table } from '../table.ts';

const workers = 2;
const starts = 7;
/** After the start has ended: it leaves garbage behind, and the supervisor hears from its workers each second. */
const idleMs = 5_000;
const goal = 1.3;

type Start = () => Promise<Program>;
const figures = ['rss', 'pss', 'uss'] as const satisfies readonly (keyof Memory)[];

/** Compares the memory of the supervisor with that of an empty primary of node:cluster with as many workers. */
export async function run(): Promise<void> {
  await using datastores = await startDatastores();
  await using production = await layProduction(datastores);
  await buildPeers();
  const startOwn: Start = () => production.start(workers, { WORKER_PROCESSES: String(workers) });
  const own: Memory[] = [];
  const bare: Memory[] = [];
  for (let start = 0; start < starts; start += 1) {
    own.push(await idleMemory(startOwn));
    bare.push(await idleMemory(() => startPrimary(production)));
  }
  const turns = `medians of ${String(starts)} alternating starts`;
  console.log(`supervisor: of ${String(workers)} workers, idle for ${String(idleMs / 1e3)} s; ${turns}`);
  console.log(memoryTable(own, bare));
  console.log(`  goal: at most ${String(goal)} × the RSS of an empty primary`);
}

/** Of a program's first process, once all of it has started and rested. */
async function idleMemory(start: Start): Promise<Memory> {
  await using program = await start();
  await pause(idleMs);
  const found = childrenOf(program.pid).length;
  if (found !== workers) throw new Error(`There are ${String(found)} workers instead of ${String(workers)}.`);
  return memoryOf(program.pid);
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
