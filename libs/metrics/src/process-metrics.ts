import { getHeapStatistics } from 'node:v8';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { observeGarbageCollection } from './gc-durations.js';

/**
 * Gauges that are named like counters, or count objects by functions of Node that are deprecated
 * (`nodejs_active_resources` has the same); and the histogram that is replaced.
 */
const unwanted = [
  'nodejs_active_resources_total',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_gc_duration_seconds',
];

/** What prom-client knows of every process under the names that dashboards for Node have, and what is missing there. */
export function registerProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of unwanted) registry.removeSingleMetric(name);
  observeGarbageCollection(registry);
  registry.registerMetric(
    new Gauge({
      name: 'nodejs_heap_size_limit_bytes',
      help: "V8's limit of the JavaScript heap in bytes.",
      registers: [],
      collect() {
        this.set(getHeapStatistics().heap_size_limit);
      },
    }),
  );
}
