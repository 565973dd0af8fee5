import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop was in the last whole window, in milliseconds. */
export interface EventLoopDelayReport {
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const resolutionMs = 20;
const windowMs = 10_000;
const nanosecondsPerMs = 1e6;

/** Measures the delay of the event loop over windows of 10 seconds. */
export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #last: EventLoopDelayReport | undefined;
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.#histogram.enable();
    this.#timer ??= setInterval(() => {
      this.#last = this.#read();
      this.#histogram.reset();
    }, windowMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#histogram.disable();
  }

  /** Of the last whole window; in the first one, of what there is. */
  get report(): EventLoopDelayReport {
    return this.#last ?? this.#read();
  }

  #read(): EventLoopDelayReport {
    const { mean, max } = this.#histogram;
    return { meanMs: late(mean), p99Ms: late(this.#histogram.percentile(99)), maxMs: late(max) };
  }
}

/** The histogram measures the time between two ticks of its timer; what is above its resolution is the delay. */
function late(nanoseconds: number): number {
  const ms = nanoseconds / nanosecondsPerMs - resolutionMs;
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms * 100) / 100) : 0;
}
