import { carriedWorkers, type Crew, crewMb, fullMb, leastLimitMb } from '../plan/memory-demand.js';
import { heapAround, type HeapSize, heapWithin, leastOldSpaceMb } from '../plan/memory-model.js';
import type { CapacityRow, Remedy } from './capacity-row.js';
import { type Demand, workersText } from './worker-demand.js';

const mib = 2 ** 20;

/** The workers in the memory and on the processors of this container. */
export const containerRows = (demand: Demand): readonly CapacityRow[] => [memoryRow(demand), cpuRow(demand)];

function memoryRow({ plan, limits, performance }: Demand): CapacityRow {
  const { workers, supervised, heap } = plan;
  const { limitBytes } = limits.memory;
  const crew = { workers, supervised, headroomPercent: performance.memoryHeadroomPercent };
  const need = fullMb(crew, heap ?? heapAround(leastOldSpaceMb));
  const row = { resource: 'memory', unit: 'MB', need } as const;
  if (limitBytes === undefined || heap === undefined) {
    const detail = `There is no memory limit; ${workersText(workers)} want at least ${String(need)} MB.`;
    return { ...row, have: null, verdict: 'fits', detail, remedies: [] };
  }
  const limitMb = Math.floor(limitBytes / mib);
  const heapsMb = workers * heap.oldSpaceMb;
  const heaps = `${workersText(workers)} × ${String(heap.oldSpaceMb)} MB of heap`;
  const wholly = `${heaps} and ${String(need - heapsMb)} MB beside may take ${String(need)} MB`;
  const limit = `the memory limit of ${String(limitMb)} MB`;
  if (heapsMb <= limitMb && carriedWorkers(limitMb, crew, heap) >= workers) {
    return { ...row, have: limitMb, verdict: 'fits', detail: `${wholly} of ${limit}.`, remedies: [] };
  }
  return {
    ...row,
    have: limitMb,
    verdict: heapsMb > limitMb ? 'never' : 'tight',
    detail:
      heapsMb > limitMb
        ? `${heaps} may take ${String(heapsMb)} MB, more than ${limit}.`
        : `${wholly}, and ${limit} leaves too little beside for MEMORY_HEADROOM_PERCENT and for replacing a worker.`,
    remedies: memoryRemedies(limitMb, crew, heap),
  };
}

function memoryRemedies(limitMb: number, crew: Crew, heap: HeapSize): readonly Remedy[] {
  const fewer = carriedWorkers(limitMb, crew, heap);
  const { oldSpaceMb } = heapWithin(crewMb(limitMb, crew) / crew.workers);
  const smaller = heapAround(oldSpaceMb);
  const isEnough = oldSpaceMb < heap.oldSpaceMb && carriedWorkers(limitMb, crew, smaller) >= crew.workers;
  return [
    { where: 'container', settings: { 'memory limit': `${String(leastLimitMb(crew, heap))}M` } },
    ...(fewer < 1 ? [] : [environment('WORKER_PROCESSES', String(fewer))]),
    ...(isEnough ? [environment('NODE_OPTIONS', `--max-old-space-size=${String(oldSpaceMb)}`)] : []),
  ];
}

/** A worker is always there, on however small a part of a processor. */
function cpuRow({ plan, limits, parallelism }: Demand): CapacityRow {
  const { workers } = plan;
  const have = Math.min(limits.cpuCores ?? parallelism, parallelism);
  const usable = Math.max(1, Math.floor(have));
  const from = limits.cpuCores === undefined ? 'processors of the machine' : 'processors of the quota';
  const row = { resource: 'cpu', unit: 'processors', need: workers, have } as const;
  const sharing = `${workersText(workers)} on ${String(have)} ${from}`;
  if (workers <= usable) return { ...row, verdict: 'fits', detail: `${sharing}.`, remedies: [] };
  return {
    ...row,
    verdict: 'tight',
    detail: `${sharing} wait for each other under load, with the memory and the connections of all.`,
    remedies: [
      environment('WORKER_PROCESSES', String(usable)),
      { where: 'container', settings: { 'CPU limit': String(workers) } },
    ],
  };
}

const environment = (name: string, value: string): Remedy => ({
  where: 'environment',
  settings: { [name]: value },
});
