import type { BodyRoom } from './body-room.js';
import type { HeapPressure } from './heap-pressure.js';

/**
 * How full the old generation may become, as parts of its limit. V8 ends the process when collections of a heap that is
 * full to four fifths bring little, and what is in no request (batches on their way to a datastore, garbage that is not
 * collected yet) needs room as well.
 */
const usable = { together: 0.7, alone: 0.85 } as const;

/** What is asked of the heap. */
type Heap = Pick<HeapPressure, 'limitBytes' | 'usedBytes' | 'onCollection'>;

/** Bodies that hold less than this part of the limit leave a reading of the heap as good as one without any. */
const clean = 0.05;

/**
 * What the heap has left for bodies: what lives without them is subtracted from its limit. A collection that comes while
 * bodies are held sees a part of them, which is not known; then what lived at the last one without them counts on, or what
 * lives now less all that they may have taken, where that is more.
 */
export class HeapRoom {
  readonly #heap: Heap;
  readonly #held: () => number;
  #base: number;
  #leastBase: number;

  /** @param held What the bodies hold now, in bytes. */
  constructor(heap: Heap, held: () => number) {
    this.#heap = heap;
    this.#held = held;
    this.#base = heap.usedBytes;
    this.#leastBase = this.#base;
    heap.onCollection((live) => this.#look(live));
  }

  read(): BodyRoom {
    const limit = this.#heap.limitBytes;
    const left = (part: number, base: number): number => Math.max(0, limit * part - base);
    return {
      together: left(usable.together, this.#base),
      alone: left(usable.alone, this.#base),
      ever: left(usable.alone, this.#leastBase),
    };
  }

  #look(live: number): void {
    const held = this.#held();
    this.#base = held <= this.#heap.limitBytes * clean ? live : Math.max(this.#base, live - held);
    this.#leastBase = Math.min(this.#leastBase, this.#base);
  }
}
