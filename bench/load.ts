import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds, endedChildrenCpuSeconds, ownCpuSeconds } from './cpu-time.ts';
import { median } from './median.ts';
import type { Program } from './program.ts';
import type { Wrk, WrkRequest } from './wrk.ts';

/** A program under load, and what is asked of it. */
export interface Contestant {
  readonly name: string;
  readonly program: Program;
  readonly url: string;
}

/** What a run came to, or several in their medians; times are milliseconds. */
export interface LoadFigures {
  readonly perSecond: number;
  /** Answers per second of the server's processor time, which the client's share of the machine does not change. */
  readonly perCpuSecond: number;
  /** How many processors the server had on average. */
  readonly processors: number;
  /** The processor time that the server's first process took for an answer, without its children's; microseconds. */
  readonly parentMicroseconds: number;
  /** How many processors the client had on average. */
  readonly clientProcessors: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** The part of the answers that had a status of 400 or more. */
  readonly refused: number;
  /** What the plan's counter has counted, per second. */
  readonly counted: number;
}

/** The runs of one contestant. */
export interface LoadResult {
  readonly name: string;
  readonly runs: readonly LoadFigures[];
  readonly medians: LoadFigures;
}

export interface LoadPlan {
  readonly connections: number;
  /** Of one run. Many short ones in turns see the same machine, however much else it has to do. */
  readonly seconds: number;
  readonly runs: number;
  /** Runs before those that count. */
  readonly warmUps: number;
  readonly request?: WrkRequest;
  /** See `WrkPlan`. */
  readonly processor?: number;
  /** Something that grows by what the program under load does. */
  readonly counter?: () => Promise<number>;
}

/** What a program has still to do for requests that nobody waits for any more is not to fall to the next one. */
const restMs = 300;

/** Loads the contestants in turns. Throws when a request got no answer. */
export async function inTurns(
  wrk: Wrk,
  contestants: readonly Contestant[],
  plan: LoadPlan,
): Promise<LoadResult[]> {
  const results = contestants.map((contestant) => ({ contestant, runs: [] as LoadFigures[] }));
  for (let run = -plan.warmUps; run < plan.runs; run += 1) {
    for (const { contestant, runs } of results) {
      const figures = await load(wrk, contestant, plan);
      if (run >= 0) runs.push(figures);
      await pause(restMs);
    }
  }
  return results.map(({ contestant: { name }, runs }) => ({ name, runs, medians: medians(runs) }));
}

/** How many times as much the one does with a second of processor time: the median over the turns. */
export function cpuRatio(one: LoadResult, other: LoadResult): number {
  return ratio(one, other, 'perCpuSecond');
}

/** How many times as large a figure of the one is: the median over the turns. */
export function ratio(one: LoadResult, other: LoadResult, figure: keyof LoadFigures): number {
  return median(one.runs.map((run, turn) => run[figure] / (other.runs[turn]?.[figure] ?? Number.NaN)));
}

async function load(
  wrk: Wrk,
  { name, program, url }: Contestant,
  { request, counter = () => Promise.resolve(0), ...size }: LoadPlan,
): Promise<LoadFigures> {
  const countBefore = await counter();
  const before = cpuTimes(program);
  const report = await wrk({ ...request, ...size, url });
  const after = cpuTimes(program);
  const used = after.all - before.all;
  const counted = (await counter()) - countBefore;
  if (report.unanswered > 0)
    throw new Error(`${name} left ${String(report.unanswered)} requests unanswered.`);
  return {
    ...report,
    perSecond: report.requests / report.seconds,
    perCpuSecond: report.requests / used,
    processors: used / report.seconds,
    parentMicroseconds: (1e6 * (after.parent - before.parent)) / report.requests,
    clientProcessors: (after.client - before.client) / report.seconds,
    refused: report.refused / report.requests,
    counted: counted / report.seconds,
  };
}

function cpuTimes({ pid }: Program): Readonly<Record<'all' | 'parent' | 'client', number>> {
  return { all: cpuSeconds(pid), parent: ownCpuSeconds(pid), client: endedChildrenCpuSeconds() };
}

function medians(runs: readonly LoadFigures[]): LoadFigures {
  const of = (figure: keyof LoadFigures): number => median(runs.map((run) => run[figure]));
  return {
    perSecond: of('perSecond'),
    perCpuSecond: of('perCpuSecond'),
    processors: of('processors'),
    parentMicroseconds: of('parentMicroseconds'),
    clientProcessors: of('clientProcessors'),
    p50: of('p50'),
    p99: of('p99'),
    longest: of('longest'),
    refused: of('refused'),
    counted: of('counted'),
  };
}
