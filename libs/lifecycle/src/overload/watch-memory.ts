import { HeapPressure, type HeapPressureOptions } from './heap-pressure.js';
import { HeapRoom } from './heap-room.js';
import { MemoryPressure } from './memory-pressure.js';
import type { Overload } from './overload.js';

/** From now on requests are refused before the process runs out of heap, or the container of memory. */
export function watchMemory(overload: Overload, options: HeapPressureOptions): void {
  const heap = new HeapPressure(options);
  const room = new HeapRoom(heap, () => overload.bodyBytes);
  overload.register(heap);
  overload.register(new MemoryPressure());
  overload.limitBodies(
    () => room.read(),
    () => void heap.lookSoon(),
  );
}
