import type { DelaySample } from './delay-controller.js';

/** Above this delay for so long, in milliseconds, the process is overloaded in spite of all that is refused. */
const red = { aboveMs: 1_000, forMs: 10_000 };
/**
 * Below this delay for so long it serves again. Half of both: a process at the edge keeps its state, and one that is
 * well is back before its clients have given it up.
 */
const green = { belowMs: 500, forMs: 5_000 };
/** A loop that is free for less than this between two late turns was not free for anybody. */
const breathMs = 250;

/** Whether the loop's delay calls for another phase, and the cause in figures. */
export interface SustainedChange {
  readonly overloaded: boolean;
  readonly cause: string;
}

/**
 * Sees a delay that stays. The time counts from the end of the first late turn, so that a single stall never counts,
 * however long it was: it is over when it is seen.
 */
export class SustainedDelay {
  #overloaded = false;
  #elapsedMs = 0;
  #lateSince: number | undefined;
  #lastLateAt = 0;
  #calmSince: number | undefined;
  #worstMs = 0;

  /** Returns the change that this sample makes, if any. */
  sample(sample: DelaySample): SustainedChange | undefined {
    this.#elapsedMs += sample.spanMs;
    const change = this.#overloaded ? this.#recovered(sample) : this.#late(sample);
    if (change !== undefined) this.#overloaded = change.overloaded;
    return change;
  }

  #late({ delayMs }: DelaySample): SustainedChange | undefined {
    const now = this.#elapsedMs;
    if (delayMs <= red.aboveMs) {
      if (now - this.#lastLateAt >= breathMs) this.#lateSince = undefined;
      return undefined;
    }
    this.#lateSince ??= now;
    this.#lastLateAt = now;
    const lateMs = now - this.#lateSince;
    if (lateMs < red.forMs) return undefined;
    this.#lateSince = undefined;
    this.#calmSince = undefined;
    const cause = `event loop delay above ${ms(red.aboveMs)} for ${seconds(lateMs)}, now ${ms(delayMs)}`;
    return { overloaded: true, cause };
  }

  #recovered({ delayMs }: DelaySample): SustainedChange | undefined {
    if (delayMs >= green.belowMs) {
      this.#calmSince = undefined;
      return undefined;
    }
    if (this.#calmSince === undefined) this.#worstMs = 0;
    this.#calmSince ??= this.#elapsedMs;
    this.#worstMs = Math.max(this.#worstMs, delayMs);
    const calmMs = this.#elapsedMs - this.#calmSince;
    if (calmMs < green.forMs) return undefined;
    const cause = `event loop delay below ${ms(green.belowMs)} for ${seconds(calmMs)}, at most ${ms(this.#worstMs)}`;
    return { overloaded: false, cause };
  }
}

const ms = (value: number): string => `${String(Math.round(value))} ms`;
const seconds = (value: number): string => `${(value / 1_000).toFixed(1)} s`;
