/** How a check ended. Durations are in milliseconds. */
export type CheckOutcome<Result> =
  | { readonly ok: true; readonly result: Result; readonly durationMs: number }
  | { readonly ok: false; readonly error: unknown; readonly durationMs: number };

export interface CheckTiming {
  /** From the start of a check to the start of the next, in milliseconds. */
  readonly intervalMs: number;
  /** Bound for one check, in milliseconds. */
  readonly timeoutMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** After a failure the next check comes this soon, in milliseconds. */
const recheckMs = 1_000;
/** Real work may call for checks, but not more often than this, in milliseconds. */
const suspicionGapMs = 200;
/** By up to this share a pause is shorter, so that processes do not ask in step. */
const jitterShare = 0.2;

/**
 * Runs one check again and again: never two at a time, each within its timeout, and soon again after a failure.
 * A check that does not heed its signal is left behind.
 */
export class CheckLoop<Result> {
  readonly #run: (signal: AbortSignal) => Promise<Result>;
  readonly #timing: CheckTiming;
  readonly #settled: (outcome: CheckOutcome<Result>, nextCheckInMs: number) => void;
  #running = false;
  #flight: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #dueAt = 0;
  #suspected = false;
  #failing = false;

  /** @param settled Told of each check's end, and in how many milliseconds the next begins. */
  constructor(
    run: (signal: AbortSignal) => Promise<Result>,
    timing: CheckTiming,
    settled: (outcome: CheckOutcome<Result>, nextCheckInMs: number) => void,
  ) {
    this.#run = run;
    this.#timing = timing;
    this.#settled = settled;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#begin();
  }

  /** Ends the check in flight; nothing is told any more. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#leaveFlight('The checks were stopped.');
  }

  /** Checks now, unless a check is under way. */
  checkNow(): void {
    if (this.#running && this.#flight === undefined) this.#begin();
  }

  /** Checks now, whatever the check under way is waiting for. */
  restart(): void {
    if (!this.#running) return;
    this.#leaveFlight('The check took too long.');
    this.#begin();
  }

  /** Real work has failed: checks soon. While checks fail they are frequent, and work that fails too tells nothing new. */
  suspect(): void {
    if (!this.#running) return;
    this.#suspected = true;
    if (this.#flight === undefined && !this.#failing) this.#schedule(this.#suspicionPause());
  }

  #begin(): void {
    clearTimeout(this.#timer);
    const flight = new AbortController();
    this.#flight = flight;
    this.#suspected = false;
    this.#startedAt = performance.now();
    this.#dueAt = Infinity;
    void this.#check(flight);
  }

  async #check(flight: AbortController): Promise<void> {
    const outcome = await this.#outcome(flight);
    if (this.#flight !== flight) return;
    this.#flight = undefined;
    this.#failing = !outcome.ok;
    const pauseMs = this.#pause(outcome.durationMs);
    this.#schedule(pauseMs);
    this.#settled(outcome, pauseMs);
  }

  async #outcome(flight: AbortController): Promise<CheckOutcome<Result>> {
    const { timeoutMs } = this.#timing;
    const startedAt = performance.now();
    const duration = (): number => performance.now() - startedAt;
    const timedOut = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new DOMException(`No answer within ${String(timeoutMs)} ms.`, 'TimeoutError');
      flight.abort(error);
      timedOut.reject(error);
    }, timeoutMs).unref();
    try {
      const result = await Promise.race([this.#run(flight.signal), timedOut.promise]);
      return { ok: true, result, durationMs: duration() };
    } catch (error) {
      return { ok: false, error, durationMs: duration() };
    } finally {
      clearTimeout(timer);
    }
  }

  #pause(durationMs: number): number {
    const { intervalMs, random } = this.#timing;
    const shortened = (ms: number): number => ms * (1 - jitterShare * random());
    if (this.#failing) return shortened(Math.min(intervalMs, recheckMs));
    const pauseMs = Math.max(0, shortened(intervalMs) - durationMs);
    return this.#suspected ? Math.min(pauseMs, this.#suspicionPause()) : pauseMs;
  }

  #suspicionPause(): number {
    return Math.max(0, this.#startedAt + suspicionGapMs - performance.now());
  }

  #schedule(pauseMs: number): void {
    const dueAt = performance.now() + pauseMs;
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), pauseMs).unref();
  }

  #leaveFlight(why: string): void {
    const flight = this.#flight;
    this.#flight = undefined;
    flight?.abort(new DOMException(why, 'AbortError'));
  }
}
