import type { Clock, DatastoreFinding, DatastoreState } from '@app/lifecycle';
import { CheckLoop, type CheckOutcome, type CheckTiming } from './check-loop.js';
import type { CheckResult, CheckSubject } from './check-subject.js';
import { staleVerdict, verdict } from './check-verdict.js';

export interface WatchOptions extends CheckTiming {
  /** Failures in a row that make `down`. */
  readonly retries: number;
  readonly clock: Clock;
}

/** What a watch tells of. */
export interface WatchListener {
  /** Status or reason has changed. */
  changed(subject: CheckSubject, from: DatastoreState, to: DatastoreState): void;
  /** Somebody who was told of the finding has thrown. */
  failed(subject: CheckSubject, error: unknown): void;
}

/** On top of interval and timeout, in milliseconds, before a result is too old to be believed. */
const graceMs = 2_000;

/** Watches one subject: counts its failures, and knows how old its last result is. */
export class SubjectWatch {
  readonly subject: CheckSubject;
  readonly #options: WatchOptions;
  readonly #listener: WatchListener;
  readonly #loop: CheckLoop<CheckResult>;
  #unsubscribe: (() => void) | undefined;
  #failures = 0;
  #hasWorked = false;
  #settledAt: number | undefined;

  constructor(subject: CheckSubject, options: WatchOptions, listener: WatchListener) {
    this.subject = subject;
    this.#options = options;
    this.#listener = listener;
    this.#loop = new CheckLoop(
      (signal) => subject.check(signal),
      options,
      (outcome, nextCheckInMs) => this.#settled(outcome, nextCheckInMs),
    );
  }

  start(): void {
    this.#unsubscribe ??= this.subject.onFailure(() => this.#loop.suspect());
    this.#loop.start();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#settledAt = undefined;
    this.#loop.stop();
  }

  checkNow(): void {
    this.#loop.checkNow();
  }

  /** When the last result stops being believed, on the clock of `performance.now()`. */
  get validUntil(): number {
    const { intervalMs, timeoutMs } = this.#options;
    return this.#settledAt === undefined ? Infinity : this.#settledAt + intervalMs + timeoutMs + graceMs;
  }

  /** The last result is too old: whatever the check hangs in, begins another. */
  expire(): void {
    const ageMs = performance.now() - (this.#settledAt ?? 0);
    this.#settledAt = undefined;
    this.#failures = this.#options.retries;
    this.#record(staleVerdict(this.subject.state, ageMs));
    this.#loop.restart();
  }

  #settled(outcome: CheckOutcome<CheckResult>, nextCheckInMs: number): void {
    this.#settledAt = performance.now();
    this.#failures = outcome.ok ? 0 : this.#failures + 1;
    this.#hasWorked ||= outcome.ok;
    const checkedAt = this.#options.clock.now();
    this.#record(
      verdict(outcome, {
        before: this.subject.state,
        borne: this.#hasWorked && this.#failures < this.#options.retries,
        checkedAt,
        nextCheckAt: checkedAt + nextCheckInMs,
      }),
    );
  }

  #record(finding: DatastoreFinding): void {
    const from = this.subject.state;
    try {
      this.subject.record(finding);
    } catch (error) {
      this.#listener.failed(this.subject, error);
    }
    const to = this.subject.state;
    if (from.status !== to.status || from.reason !== to.reason)
      this.#listener.changed(this.subject, from, to);
  }
}
