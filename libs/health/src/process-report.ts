import { getHeapStatistics } from 'node:v8';
import type { Overload } from '@app/lifecycle';
import type { HealthModuleOptions } from './health.options.js';

/** The process itself, for `detailed`: build, memory in bytes, the delay of the event loop, and what is shed. */
export function processReport(
  { version, commit, memoryLimit }: HealthModuleOptions,
  overload: Overload,
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
    eventLoop: overload.eventLoop.report,
    overload: overload.report,
  };
}
