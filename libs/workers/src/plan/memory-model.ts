// What the processes of a container take, in MiB. Measured with the production bundle on Node 26.10, with 8 clients that
// send 10,000 trades per request for seconds: the anonymous memory of a worker was its old space, its young generation
// and 18 to 29 MiB beside them.

/** A worker's memory outside of V8's heap: the compiled program, threads, buffers, the bodies of requests. */
export const besideHeapMb = 32;

/** The supervisor, which loads neither Nest nor a datastore client. */
export const supervisorMb = 16;

/** Pages of Node's own code that are in use; all processes share them, and the kernel counts them once. */
export const sharedCodeMb = 48;

/** A worker that serves and has had no load yet: during a roll there is one of them too many. */
export const newcomerMb = 64;

/** The old space below which a worker still serves, but refuses requests with large bodies. */
export const leastOldSpaceMb = 64;

/** V8 keeps new objects in three semi-spaces of the same size. */
const semiSpaces = 3;

/** V8's own choice; where `--max-old-space-size` is given without one, it takes this beside however small a heap. */
const largestSemiSpaceMb = 32;

/** A V8 heap: what `--max-old-space-size` and `--max-semi-space-size` bound, in MiB. */
export interface HeapSize {
  readonly oldSpaceMb: number;
  readonly semiSpaceMb: number;
}

/** What a worker with this heap takes when the heap is full, in MiB, without the code that all share. */
export const workerMb = ({ oldSpaceMb, semiSpaceMb }: HeapSize): number =>
  oldSpaceMb + semiSpaces * semiSpaceMb + besideHeapMb;

/**
 * The heap of a worker that may take so much; the least one where that is too little. About a sixth of it is for new
 * objects, as a power of two.
 */
export function heapWithin(shareMb: number, semiSpaceMb?: number): HeapSize {
  const heapMb = shareMb - besideHeapMb;
  const semiSpace = semiSpaceMb ?? powerOfTwo(heapMb / 18);
  const oldSpaceMb = Math.floor(heapMb - semiSpaces * semiSpace);
  return oldSpaceMb < leastOldSpaceMb
    ? heapAround(leastOldSpaceMb, semiSpaceMb)
    : { oldSpaceMb, semiSpaceMb: semiSpace };
}

/** The heap with an old space of this size, whose semi-spaces keep the proportion of `heapWithin`. */
export function heapAround(oldSpaceMb: number, semiSpaceMb?: number): HeapSize {
  return { oldSpaceMb, semiSpaceMb: semiSpaceMb ?? powerOfTwo(oldSpaceMb / 15) };
}

function powerOfTwo(most: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, Math.min(largestSemiSpaceMb, most)))));
}
