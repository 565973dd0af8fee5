import { createHistogram } from 'node:perf_hooks';
import type { DelaySample } from './delay-controller.js';

/** How late the event loop was in the last whole window, in milliseconds. */
export interface EventLoopDelayReport {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How often the loop is looked at: often enough to see each turn that is late at all. */
const samplingMs = 20;
const windowMs = 10_000;
const microsecondsPerMs = 1_000;

/**
 * Measures the delay of the event loop by a timer that is due every 20 ms: what it is late by is what everything else
 * waits for too. Each turn that is longer than that is one sample, taken before the requests of the next turn.
 * (Node's own `monitorEventLoopDelay` gives sums over a window, too late to act on a turn.)
 */
export class EventLoopDelay {
  readonly #sampled: (sample: DelaySample) => void;
  readonly #now: () => number;
  readonly #histogram = createHistogram();
  #last: EventLoopDelayReport | undefined;
  #currentMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(sampled: (sample: DelaySample) => void = () => undefined, now = () => performance.now()) {
    this.#sampled = sampled;
    this.#now = now;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    let before = this.#now();
    let busyBefore = threadBusyMs();
    let windowEnd = before + windowMs;
    this.#timer = setInterval(() => {
      const now = this.#now();
      const spanMs = now - before;
      before = now;
      const busy = threadBusyMs();
      const busyMs = busy - busyBefore;
      busyBefore = busy;
      this.#currentMs = Math.max(0, spanMs - samplingMs);
      this.#histogram.record(Math.max(1, Math.round(this.#currentMs * microsecondsPerMs)));
      if (now >= windowEnd) {
        windowEnd = now + windowMs;
        this.#last = this.#read();
        this.#histogram.reset();
      }
      this.#sampled({ delayMs: this.#currentMs, spanMs, busyMs });
    }, samplingMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Of the last turn that was measured, in milliseconds. */
  get currentMs(): number {
    return this.#currentMs;
  }

  /** Of the last whole window of 10 seconds; in the first one, of what there is. */
  get report(): EventLoopDelayReport {
    return this.#last ?? this.#read();
  }

  #read(): EventLoopDelayReport {
    if (this.#histogram.count === 0) return { meanMs: 0, p99Ms: 0, maxMs: 0 };
    const { mean, max } = this.#histogram;
    return { meanMs: inMs(mean), p99Ms: inMs(this.#histogram.percentile(99)), maxMs: inMs(max) };
  }
}

function threadBusyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / microsecondsPerMs;
}

const inMs = (microseconds: number): number => Math.round(microseconds / 10) / 100;
