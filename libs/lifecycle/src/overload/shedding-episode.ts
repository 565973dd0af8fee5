import type { ShedCounters } from './shed-counts.js';

/** Refusing requests has begun, or has ended. */
export type SheddingEvent =
  | { readonly shedding: true; readonly cause: string }
  | {
      readonly shedding: false;
      /** From the first to the last refusal, in milliseconds. */
      readonly lastedMs: number;
      readonly refused: number;
      readonly admitted: number;
    };

/** So long without a refusal, in milliseconds, ends an episode: pressure comes in waves, and each is no news. */
const quietMs = 5_000;

/** Sees when refusing begins and ends, by the counters. */
export class SheddingEpisode {
  readonly #counters: ShedCounters;
  #seen = 0;
  #elapsedMs = 0;
  #current: { beganMs: number; lastMs: number; refusedBefore: number; admittedBefore: number } | undefined;

  constructor(counters: ShedCounters) {
    this.#counters = counters;
  }

  get current(): boolean {
    return this.#current !== undefined;
  }

  /** To be called often, with the time since the call before; returns what has changed. */
  advance(spanMs: number, cause: () => string): SheddingEvent | undefined {
    this.#elapsedMs += spanMs;
    const { admitted, refusedInAll } = this.#counters;
    const now = this.#elapsedMs;
    const news = refusedInAll - this.#seen;
    this.#seen = refusedInAll;
    if (this.#current === undefined) {
      if (news === 0) return undefined;
      const refusedBefore = refusedInAll - news;
      this.#current = { beganMs: now, lastMs: now, refusedBefore, admittedBefore: admitted };
      return { shedding: true, cause: cause() };
    }
    if (news > 0) this.#current.lastMs = now;
    const { beganMs, lastMs, refusedBefore, admittedBefore } = this.#current;
    if (now - lastMs < quietMs) return undefined;
    this.#current = undefined;
    return {
      shedding: false,
      lastedMs: Math.round(lastMs - beganMs),
      refused: refusedInAll - refusedBefore,
      admitted: admitted - admittedBefore,
    };
  }
}
