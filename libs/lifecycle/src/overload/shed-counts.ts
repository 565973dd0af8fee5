/** What has been let in and refused since the start; for metrics and `detailed`. */
export interface ShedCounts {
  readonly admitted: number;
  /** By what was under pressure: `event_loop_delay`, or the name of a source. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Counters of one process. */
export class ShedCounters {
  readonly #refused: Record<string, number> = {};
  #admitted = 0;
  #refusedInAll = 0;

  admit(): void {
    this.#admitted += 1;
  }

  refuse(cause: string): void {
    this.#refused[cause] = (this.#refused[cause] ?? 0) + 1;
    this.#refusedInAll += 1;
  }

  get admitted(): number {
    return this.#admitted;
  }

  get refusedInAll(): number {
    return this.#refusedInAll;
  }

  get counts(): ShedCounts {
    return { admitted: this.#admitted, refused: { ...this.#refused } };
  }
}
