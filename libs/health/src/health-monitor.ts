import { type Clock, systemClock } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import type { CheckSubject } from './check-subject.js';
import { SubjectWatch, type WatchListener, type WatchOptions } from './subject-watch.js';
import { transitionLog } from './transition-log.js';

export interface HealthMonitorOptions {
  /** HEALTH_CHECK_INTERVAL in milliseconds. */
  readonly intervalMs: number;
  /** HEALTH_CHECK_TIMEOUT in milliseconds. */
  readonly timeoutMs: number;
  /** HEALTH_CHECK_RETRIES. */
  readonly retries: number;
  /** Uniform in [0, 1), for the jitter. */
  readonly random?: () => number;
  readonly clock?: Clock;
}

/** How often it is looked whether the checks themselves still run, in milliseconds. */
const watchdogMs = 1_000;

/**
 * Checks each subject on a clock of its own, one per process, however many ask: every interval, within a second
 * after a failure, and at once when real work has failed. Its results have an age, and one that is too old is not
 * believed, even when the checks themselves have stopped.
 */
export class HealthMonitor {
  readonly #options: WatchOptions;
  readonly #listener: WatchListener;
  readonly #watches = new Map<string, SubjectWatch>();
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: HealthMonitorOptions, logger: Logger) {
    this.#options = { random: Math.random, clock: systemClock, ...options };
    this.#listener = transitionLog(logger);
  }

  /** Adds a subject. Throws a RangeError for a name that is taken. */
  watch(subject: CheckSubject): void {
    if (this.#watches.has(subject.name))
      throw new RangeError(`There is a health check named ${subject.name} already.`);
    const watch = new SubjectWatch(subject, this.#options, this.#listener);
    this.#watches.set(subject.name, watch);
    if (this.#watchdog !== undefined) watch.start();
  }

  start(): void {
    if (this.#watchdog !== undefined) return;
    this.#watchdog = setInterval(() => this.expireStale(), watchdogMs).unref();
    for (const watch of this.#watches.values()) watch.start();
  }

  /** Ends the checks in flight. What was last known stays, and does not expire. */
  stop(): void {
    clearInterval(this.#watchdog);
    this.#watchdog = undefined;
    for (const watch of this.#watches.values()) watch.stop();
  }

  /** Checks at once, unless the subject is being checked. Throws a RangeError for an unknown name. */
  checkNow(name: string): void {
    const watch = this.#watches.get(name);
    if (watch === undefined) throw new RangeError(`There is no health check named ${name}.`);
    watch.checkNow();
  }

  /** Marks as down what was not checked for too long. Returns whether there was any. */
  expireStale(): boolean {
    const now = performance.now();
    let expired = false;
    for (const watch of this.#watches.values()) {
      if (now < watch.validUntil) continue;
      watch.expire();
      expired = true;
    }
    return expired;
  }
}
