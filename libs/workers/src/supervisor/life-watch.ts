/** What is watched of a worker. */
export interface Watched {
  /** When it was last heard of; before it has served, when it was started. In milliseconds. */
  aliveAt: number;
  readonly served: boolean;
}

export interface LifeLimits {
  /** From the start to READY, in milliseconds. */
  readonly startMs: number;
  /** From one sign of life to the next, in milliseconds. */
  readonly silenceMs: number;
}

export interface Overdue<Worker> {
  readonly worker: Worker;
  /** How long it was waited for, in milliseconds. */
  readonly waitedMs: number;
}

/** A look that comes later than this, in intervals, was not to be had: the machine or this process stood still. */
const lateLook = 2;

/**
 * Finds the workers that are not READY in time, and those that were and have given no sign of life. Where the looks
 * themselves come late, nobody could have been heard: then all workers get their time anew.
 */
export class LifeWatch {
  readonly #intervalMs: number;
  #lookedAt: number | undefined;

  /** @param intervalMs How often `look` is going to be called. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  look<Worker extends Watched>(
    workers: readonly Worker[],
    { startMs, silenceMs }: LifeLimits,
    now: number,
  ): readonly Overdue<Worker>[] {
    const lookedAt = this.#lookedAt ?? now;
    this.#lookedAt = now;
    if (now - lookedAt > lateLook * this.#intervalMs) {
      for (const worker of workers) worker.aliveAt = now;
      return [];
    }
    return workers
      .map((worker) => ({ worker, waitedMs: now - worker.aliveAt }))
      .filter(({ worker, waitedMs }) => waitedMs > (worker.served ? silenceMs : startMs));
  }
}
