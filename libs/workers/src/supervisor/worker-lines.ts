import { exitCodes } from '@app/errors';
import { explainEnd } from './explain-end.js';
import type { SupervisorLog } from './supervisor-log.js';
import type { WorkerEnd } from './worker-channel.js';
import type { WorkerProcess } from './worker-process.js';

const nameOf = ({ number, pid }: WorkerProcess): string => `worker ${String(number)} (pid ${String(pid)})`;
const fieldsOf = ({ number, pid }: WorkerProcess): Readonly<Record<string, number>> => ({
  worker: number,
  workerPid: pid,
});

/** A time as the log has it. */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

interface EndKnowledge {
  readonly outOfMemory: boolean | undefined;
  readonly told: boolean;
}

/** The lines of the supervisor's log about single workers. */
export class WorkerLines {
  readonly #log: SupervisorLog;

  constructor(log: SupervisorLog) {
    this.#log = log;
  }

  serves(worker: WorkerProcess): void {
    this.#log.line('info', fieldsOf(worker), `${nameOf(worker)} serves`);
  }

  killed(worker: WorkerProcess, why: string): void {
    this.#log.line('fatal', fieldsOf(worker), `${nameOf(worker)} is killed, since ${why}`);
  }

  metricsMissed(missed: readonly number[]): void {
    this.#log.line('warn', { missed }, `No metrics came from worker ${missed.join(', ')}.`);
  }

  /**
   * @param outOfMemory Whether the kernel has killed a process for want of memory; undefined where it does not tell.
   * @param told Whether the worker itself has said why.
   */
  ended(worker: WorkerProcess, end: WorkerEnd, { outOfMemory, told }: EndKnowledge): void {
    const { killedFor, order, servedMs } = worker;
    const how = explainEnd(end, { killedFor, outOfMemory });
    const after = servedMs === undefined ? 'before it was ready' : `after ${seconds(servedMs)}`;
    const well = order !== undefined && end.code === exitCodes.ok;
    const fields = { ...fieldsOf(worker), code: end.code, signal: end.signal };
    this.#log.line(well || told ? 'info' : 'error', fields, `${nameOf(worker)} ${how} (${after})`);
  }
}
