import { constants, PerformanceObserver } from 'node:perf_hooks';
import { gcKind } from '@app/lifecycle';
import { Histogram, type Registry } from 'prom-client';

const kinds: ReadonlyMap<number | undefined, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** Up to the second that turns the phase to overloaded. In seconds. */
const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

/**
 * Each collection of garbage, from now on. prom-client has such a histogram too, which counts only the first of those
 * that the observer is told of together, as after every turn of the event loop that allocates much.
 */
export function observeGarbageCollection(registry: Registry): void {
  const durations = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Time that collections of garbage took, by their kind.',
    labelNames: ['kind'],
    buckets,
    registers: [registry],
  });
  for (const kind of kinds.values()) durations.zero({ kind });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = kinds.get(gcKind(entry));
      if (kind !== undefined) durations.observe({ kind }, entry.duration / 1_000);
    }
  }).observe({ entryTypes: ['gc'] });
}
