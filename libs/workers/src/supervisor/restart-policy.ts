import { exitCodes, type ExitCode } from '@app/errors';

/** The end of a worker that nobody has asked for. */
export interface Death {
  /** The worker's. */
  readonly number: number;
  readonly code: number | null;
  /** How long it had served, in milliseconds; undefined where it died before READY. */
  readonly servedMs: number | undefined;
  /** By the clock that all times here are of, in milliseconds. */
  readonly at: number;
  /** Ended by the supervisor, since it was not READY in time. */
  readonly late?: boolean;
}

export type AfterDeath =
  | { readonly kind: 'restart'; readonly afterMs: number }
  | {
      readonly kind: 'end';
      readonly code: ExitCode;
      readonly reason: string;
      /** The worker itself has said why. */
      readonly told: boolean;
    };

/** So many deaths before READY within this time, in milliseconds, and no worker can live. */
const earlyDeaths = { most: 5, withinMs: 30_000 };
/** A worker that has served for so long was well: the next one is started at once. Milliseconds. */
const wellAfterMs = 10_000;
/** The pause before the next start doubles from the first to the longest. Milliseconds. */
const pause = { firstMs: 100, longestMs: 30_000 };

/** Says what follows when a worker has died. */
export class RestartPolicy {
  readonly #random: () => number;
  /** In a row, by the number of the worker. */
  readonly #failures = new Map<number, number>();
  #early: number[] = [];
  #served = false;

  /** @param random Uniform in [0, 1). */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Whether a worker was READY at any time. */
  get served(): boolean {
    return this.#served;
  }

  ready(): void {
    this.#served = true;
  }

  afterDeath(death: Death): AfterDeath {
    const { number, code, servedMs, at } = death;
    const refusal = code === exitCodes.config || code === exitCodes.unavailable ? code : undefined;
    if (!this.#served && refusal !== undefined)
      return {
        kind: 'end',
        code: refusal,
        reason: `the first worker ended with ${String(refusal)}`,
        told: true,
      };
    if (!this.#served && death.late === true)
      return {
        kind: 'end',
        code: exitCodes.unavailable,
        reason: 'the first worker was not ready in time',
        told: false,
      };
    // A worker that says that it cannot start now is as good as one that waits, while others serve.
    if (servedMs === undefined && refusal === undefined) this.#early.push(at);
    this.#early = this.#early.filter((time) => at - time <= earlyDeaths.withinMs);
    if (this.#early.length >= earlyDeaths.most) {
      const seconds = String(earlyDeaths.withinMs / 1_000);
      const reason = `${String(this.#early.length)} workers died within ${seconds} s before they were ready`;
      return { kind: 'end', code: exitCodes.software, reason, told: false };
    }
    if (servedMs !== undefined && servedMs >= wellAfterMs) {
      this.#failures.delete(number);
      return { kind: 'restart', afterMs: 0 };
    }
    const failures = this.#failures.get(number) ?? 0;
    this.#failures.set(number, failures + 1);
    return { kind: 'restart', afterMs: this.#pauseMs(failures) };
  }

  /** A random half of it keeps workers from coming back all at the same moment. */
  #pauseMs(failures: number): number {
    const longest = Math.min(pause.longestMs, pause.firstMs * 2 ** failures);
    return Math.round(longest * (0.5 + this.#random() / 2));
  }
}
