import type { ServiceSettings } from '../messages.js';
import { LifeWatch } from './life-watch.js';
import { seconds } from './worker-lines.js';
import type { WorkerProcess } from './worker-process.js';

export interface LifeGuardOptions {
  readonly workers: () => readonly WorkerProcess[];
  /** As the last worker has read them; undefined before the first one has. */
  readonly settings: () => Pick<ServiceSettings, 'stuckTimeoutMs' | 'startupTimeoutMs'> | undefined;
  /** In milliseconds, from any moment on. */
  readonly now: () => number;
  /** Told before a worker is killed. */
  readonly killed: (worker: WorkerProcess, why: string) => void;
}

/** A worker that can still say why it does not come up is to do so, and end by itself. Milliseconds. */
const startGraceMs = 5_000;
/** How long the first worker may take to say what its STARTUP_TIMEOUT is, in milliseconds. */
const firstWordMs = 30_000;
const looksPerTimeout = 6;
const longestLookMs = 1_000;

/** Kills the workers that are stuck, or are not READY in time. */
export class LifeGuard {
  readonly #options: LifeGuardOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LifeGuardOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lookAgain(new LifeWatch(longestLookMs), longestLookMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #lookAgain(watch: LifeWatch, afterMs: number): void {
    this.#timer = setTimeout(() => {
      const settings = this.#options.settings();
      const silenceMs = settings?.stuckTimeoutMs ?? firstWordMs;
      this.#look(watch, silenceMs, (settings?.startupTimeoutMs ?? firstWordMs) + startGraceMs);
      const nextMs = Math.min(longestLookMs, silenceMs / looksPerTimeout);
      this.#lookAgain(nextMs === afterMs ? watch : new LifeWatch(nextMs), nextMs);
    }, afterMs);
  }

  #look(watch: LifeWatch, silenceMs: number, startMs: number): void {
    const { workers, now, killed } = this.#options;
    // Those that were told to end have a time of their own.
    const watched = workers().filter(({ order }) => order === undefined);
    for (const { worker, waitedMs } of watch.look(watched, { startMs, silenceMs }, now())) {
      const why = worker.served
        ? `it gave no sign of life for ${seconds(waitedMs)}: its event loop is stuck`
        : `it was not ready ${seconds(waitedMs)} after its start`;
      killed(worker, why);
      worker.kill(why);
    }
  }
}
