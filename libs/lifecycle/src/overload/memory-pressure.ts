import { type HeldMemory, readHeldMemory } from '@app/container';
import type { PressureSource } from './pressure-source.js';

const mib = 2 ** 20;

/** How old a reading may become, in milliseconds: it opens several pseudo-files, which takes a third of one. */
const readingMs = 250;

/**
 * How much of the limit should be left, in bytes: a quarter of a small one, as the heaps are planned; of a large one what
 * its processes allocate while nobody looks.
 */
const spareBytes = (limit: number): number => Math.min(limit / 4, 128 * mib + limit / 50);

/**
 * How little of the container's memory is left, whoever has taken it: other workers, other programs in the container,
 * memory beside the heap. It is the container's as a whole and no worker's share of it, since it is as a whole that the
 * kernel looks at it. File cache counts as free: the kernel gives it up before it kills. The reading is 0.5 when as much is
 * left as should be, 0.75 with half of that, and 1 when nothing is left.
 */
export class MemoryPressure implements PressureSource {
  readonly name = 'memory';
  readonly #memory: () => HeldMemory | undefined;
  readonly #now: () => number;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading = 0;

  constructor(memory: () => HeldMemory | undefined = readHeldMemory, now = () => performance.now()) {
    this.#memory = memory;
    this.#now = now;
  }

  read(): number {
    const now = this.#now();
    if (now - this.#readAt >= readingMs) {
      this.#readAt = now;
      this.#reading = readingOf(this.#memory());
    }
    return this.#reading;
  }
}

function readingOf(memory: HeldMemory | undefined): number {
  if (memory === undefined) return 0;
  const { limitBytes, heldBytes } = memory;
  return Math.max(0, 1 - (limitBytes - heldBytes) / (2 * spareBytes(limitBytes)));
}
