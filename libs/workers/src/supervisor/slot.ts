import { pause } from '@app/lifecycle';
import type { WorkerProcess } from './worker-process.js';

export interface Replacement {
  /** Tells the old process to end; called once the new one serves. */
  readonly retire: (old: WorkerProcess) => void;
  /** How long the old process may take to end, in milliseconds. */
  readonly limitMs: number;
}

/** The place of one worker, which outlives its processes: there is one, and a second one while the first is replaced. */
export class Slot {
  readonly number: number;
  readonly #start: (number: number) => WorkerProcess;
  #current: WorkerProcess | undefined;
  #successor: WorkerProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #restarts = 0;

  constructor(number: number, start: (number: number) => WorkerProcess) {
    this.number = number;
    this.#start = start;
  }

  /** How often a process of it has died and was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The process that stands for it now. */
  get worker(): WorkerProcess | undefined {
    return this.#current ?? this.#successor;
  }

  start(): void {
    this.#current = this.#start(this.number);
  }

  restartAfter(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.start();
    }, milliseconds);
  }

  /** Starts no process any more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** A process has ended. Returns whether it was one of this place, which has none now. */
  ended(worker: WorkerProcess): boolean {
    if (worker === this.#current) this.#current = undefined;
    else if (worker === this.#successor) this.#successor = undefined;
    else return false;
    return this.worker === undefined;
  }

  /**
   * Starts a second process, and ends the first one when that serves. Returns false, with all as it was, where it does
   * not come to serve.
   */
  async replace({ retire, limitMs }: Replacement): Promise<boolean> {
    clearTimeout(this.#timer);
    const successor = this.#start(this.number);
    this.#successor = successor;
    const serves = await Promise.race([successor.whenReady, successor.whenEnded.then(() => false)]);
    if (!serves) return false;
    const old = this.#current;
    this.#current = successor;
    this.#successor = undefined;
    if (old === undefined) return true;
    retire(old);
    const over = new AbortController();
    void old.whenEnded.then(() => over.abort());
    await pause(limitMs, over.signal);
    if (!over.signal.aborted) old.kill('it did not end within SHUTDOWN_TIMEOUT after it was replaced');
    await old.whenEnded;
    return true;
  }
}
