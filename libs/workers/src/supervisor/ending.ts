import type { EndOrder } from '@app/bootstrap';
import { exitCodes, type ExitCode } from '@app/errors';
import { exitCodeOfAll, type WorkerEnding } from './exit-code-of-all.js';
import type { WorkerEnd } from './worker-channel.js';
import type { WorkerProcess } from './worker-process.js';

export interface EndingOptions {
  readonly order: EndOrder;
  /** After this the workers that are left are killed, in milliseconds. */
  readonly limitMs: number;
  /** The exit code, where it is not that of the workers. */
  readonly code?: ExitCode;
  /** Told before they are killed. */
  readonly overdue: () => void;
}

/** The end of all workers, and what exit code it comes to. */
export class Ending {
  readonly #workers: readonly WorkerProcess[];
  readonly #code: ExitCode | undefined;
  readonly #ends: WorkerEnding[] = [];
  readonly #timer: NodeJS.Timeout;
  #forced = false;

  /** Tells the workers. */
  constructor(workers: readonly WorkerProcess[], options: EndingOptions) {
    const { order, limitMs, code, overdue } = options;
    this.#workers = workers;
    this.#code = code;
    this.#timer = setTimeout(() => {
      overdue();
      this.force();
    }, limitMs);
    for (const worker of workers) if (worker.order === undefined) worker.end(order);
  }

  /** Kills those that are left. */
  force(): void {
    this.#forced = true;
    for (const worker of this.#workers) worker.kill('it was ended by force');
  }

  ended(worker: WorkerProcess, end: WorkerEnd): void {
    this.#ends.push({ ...end, served: worker.served });
  }

  /** The exit code, once nobody is left. */
  close(): ExitCode {
    clearTimeout(this.#timer);
    return this.#code ?? (this.#forced ? exitCodes.forced : exitCodeOfAll(this.#ends));
  }
}
