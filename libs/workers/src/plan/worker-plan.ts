import type { ContainerLimits } from '@app/container';
import { type AskedHeap, askedHeap } from './asked-heap.js';
import { carriedWorkers, crewMb, leastLimitMb, shareMb } from './memory-demand.js';
import { heapAround, type HeapSize, heapWithin, leastOldSpaceMb } from './memory-model.js';

/** How many workers there are to be, and what each may take. A MB is 2^20 bytes, as for Docker and for V8. */
export interface WorkerPlan {
  readonly workers: number;
  /** Whether there is a supervisor: not for an explicit 1. */
  readonly supervised: boolean;
  /** The heap of each worker; undefined where neither the memory limit nor a flag bounds it, and V8 chooses. */
  readonly heap: HeapSize | undefined;
  /** The flags that bound the heap, for a process that is started with those of the input besides. */
  readonly heapFlags: readonly string[];
  /** What a worker may show as resident before the limit is reached, in bytes; undefined without a limit. */
  readonly memoryShareBytes: number | undefined;
  /** Lines for the log: what was lowered and why. */
  readonly notes: readonly string[];
}

export interface WorkerPlanInput {
  readonly asked: number | 'auto';
  readonly headroomPercent: number;
  readonly limits: ContainerLimits;
  /** Processors that the process may run on, as `os.availableParallelism()` has it. */
  readonly parallelism: number;
  /** The flags that Node and V8 were started with; what they say of the heap holds. */
  readonly flags: readonly string[];
}

const mib = 2 ** 20;

/** As many as WORKER_PROCESSES takes. */
const mostWorkers = 64;

/**
 * Divides what the container allows among the workers. Given the flags of a worker that it has planned besides, it
 * plans the same again.
 *
 * `auto` makes one worker for each whole processor of the quota. A fraction makes none: the kernel stops all threads
 * of a container that has used its quota up until the next period, so workers that want more than the quota stand
 * still for tens of milliseconds each time. The fraction is not lost, since V8 collects garbage and Node resolves
 * names and compresses in threads beside that of JavaScript.
 */
export function planWorkers(input: WorkerPlanInput): WorkerPlan {
  const { asked, headroomPercent, limits, flags } = input;
  const supervised = asked !== 1;
  const wanted = asked === 'auto' ? workersFor(limits.cpuCores, input.parallelism) : asked;
  if (limits.memory.limitBytes === undefined) {
    const { heap } = askedHeap(flags, undefined);
    return { workers: wanted, supervised, heap, heapFlags: [], memoryShareBytes: undefined, notes: [] };
  }
  const limitMb = Math.floor(limits.memory.limitBytes / mib);
  const given = askedHeap(flags, limitMb);
  const least = given.heap ?? heapAround(leastOldSpaceMb, given.semiSpaceMb);
  const forWorkersMb = crewMb(limitMb, { headroomPercent, supervised });
  const carried = carriedWorkers(limitMb, { headroomPercent, supervised }, least);
  const workers = asked === 'auto' ? Math.max(1, Math.min(wanted, carried)) : wanted;
  const heap = given.heap ?? heapWithin(forWorkersMb / workers, given.semiSpaceMb);
  const needMb = leastLimitMb({ workers: wanted, headroomPercent, supervised }, least);
  return {
    workers,
    supervised,
    heap,
    heapFlags: flagsFor(heap, given),
    memoryShareBytes: Math.floor(shareMb(limitMb, { workers, headroomPercent, supervised }) * mib),
    notes: workers < wanted ? [lowered(workers, wanted, { limitMb, needMb, heap: least })] : [],
  };
}

function workersFor(quota: number | undefined, parallelism: number): number {
  return Math.max(1, Math.min(Math.floor(quota ?? parallelism), parallelism, mostWorkers));
}

/** Without a bound of its own the young generation may take 96 MB beside an old space of any size. */
function flagsFor(heap: HeapSize, given: AskedHeap): readonly string[] {
  if (given.whole) return [];
  return [
    ...(given.heap === undefined ? [`--max-old-space-size=${String(heap.oldSpaceMb)}`] : []),
    ...(given.semiSpaceMb === undefined ? [`--max-semi-space-size=${String(heap.semiSpaceMb)}`] : []),
  ];
}

function lowered(
  workers: number,
  wanted: number,
  { limitMb, needMb, heap }: { limitMb: number; needMb: number; heap: HeapSize },
): string {
  const those = workers === 1 ? '1 worker' : `${String(workers)} workers`;
  return (
    `WORKER_PROCESSES=auto starts ${those} instead of ${String(wanted)}: the memory limit is ${String(limitMb)} MB, ` +
    `and ${String(wanted)} with a heap of ${String(heap.oldSpaceMb)} MB each need ${String(needMb)} MB.`
  );
}
