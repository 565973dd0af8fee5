import { flagValue } from '@app/config';
import { heapAround, type HeapSize } from './memory-model.js';

/** What the flags of Node say of the heap. */
export interface AskedHeap {
  /** The heap in full, where the flags tell its old space. */
  readonly heap: HeapSize | undefined;
  /** The semi-spaces alone, in MiB, where the flags tell them. */
  readonly semiSpaceMb: number | undefined;
  /** Whether the flags bound the heap as a whole: V8 ends with an error when it is given the parts as well. */
  readonly whole: boolean;
}

/**
 * Reads the flags of NODE_OPTIONS and of the command line.
 *
 * @param limitMb The container's memory in MiB, which a percentage is one of; it counts before a size, as for Node.
 */
export function askedHeap(flags: readonly string[], limitMb: number | undefined): AskedHeap {
  const semiSpaceMb = flagValue(flags, 'max-semi-space-size');
  const wholeMb = flagValue(flags, 'max-heap-size');
  if (wholeMb !== undefined) {
    return { heap: { oldSpaceMb: wholeMb, semiSpaceMb: 0 }, semiSpaceMb, whole: true };
  }
  const percentage = flagValue(flags, 'max-old-space-size-percentage');
  const oldSpaceMb =
    percentage === undefined
      ? flagValue(flags, 'max-old-space-size')
      : limitMb && Math.floor((limitMb * percentage) / 100);
  const heap = oldSpaceMb === undefined ? undefined : heapAround(oldSpaceMb, semiSpaceMb);
  return { heap, semiSpaceMb, whole: false };
}
