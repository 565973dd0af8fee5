import type { Logger } from '@app/logging';

/** Logs once when trades can no longer be stored, and once when all shards' can again, however often they are tried. */
export class WriteOutage {
  readonly #logger: Logger;
  readonly #failing = new Set<number>();
  #since = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  failed(shard: number, err: unknown): void {
    if (this.#failing.size === 0) {
      this.#since = performance.now();
      this.#logger.warn({ err, shard }, 'Trades cannot be stored now; they wait in Redis.');
    }
    this.#failing.add(shard);
  }

  worked(shard: number): void {
    if (!this.#failing.delete(shard) || this.#failing.size > 0) return;
    const lastedMs = Math.round(performance.now() - this.#since);
    this.#logger.info({ lastedMs }, 'Trades are stored again.');
  }

  /** Another process sees to the shard from now on. */
  left(shard: number): void {
    this.#failing.delete(shard);
  }
}
