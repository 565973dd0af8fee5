import { getHeapStatistics } from 'node:v8';
import type { EventLoopDelay } from './event-loop-delay.js';
import type { HealthModuleOptions } from './health.options.js';

/** The process itself, for `detailed`: build, memory in bytes, and the delay of the event loop. */
export function processReport(
  { version, commit, memoryLimit }: HealthModuleOptions,
  eventLoop: EventLoopDelay,
): Readonly<Record<string, unknown>> {
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    build: { version, commit: commit ?? null, node: process.version },
    memory: {
      rss,
      heapUsed,
      external,
      heapLimit: getHeapStatistics().heap_size_limit,
      containerLimit: memoryLimit ?? null,
    },
    eventLoop: eventLoop.report,
  };
}
