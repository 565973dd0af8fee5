import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { Subscribers, type Unsubscribe } from '../events.js';
import { collectGarbage } from './collect-garbage.js';
import { gcKind } from './gc-kind.js';
import { oldGenerationLimit } from './old-generation-limit.js';
import type { PressureSource } from './pressure-source.js';

export interface HeapPressureOptions {
  /** The flags that Node and V8 were started with. */
  readonly flags: readonly string[];
  /** The memory that the process may have in all, in bytes; undefined where there is no limit. */
  readonly memoryLimit: number | undefined;
}

export interface HeapReport {
  /** What lived after the last major collection, in bytes; 0 before the first. */
  readonly liveBytes: number;
  /** How much may live before V8 or the kernel ends the process, in bytes. */
  readonly limitBytes: number;
}

/**
 * How much a reading loses each second that V8 has not collected since. When requests are refused, nothing fills the
 * heap, so nothing is collected, and what has long been free would go on counting: a few requests more make V8 look.
 */
const fadingPerSecond = 0.03;

/** A collection that V8 is asked for is no sooner after the last one, in milliseconds and times what such a one took. */
const rest = { ms: 1_000, times: 50 } as const;

/**
 * How much of the JavaScript heap lives. What is merely used says nothing: V8 lets garbage lie until the heap has
 * grown by a good part, so a healthy process is near its limit before each major collection. So it is read after
 * each of them, told by a PerformanceObserver. V8 means to make one at the latest halfway between what lives and the
 * limit, so the closer it gets, the fresher is the reading; where the heap has grown beyond that, V8 does not keep up,
 * and all that is used counts. The limit is V8's own, or what the memory limit leaves beside all that is not heap
 * (code, buffers), since the kernel kills without asking V8.
 */
export class HeapPressure implements PressureSource {
  readonly name = 'heap';
  readonly #v8Limit: number;
  readonly #memoryLimit: number | undefined;
  readonly #observer = new PerformanceObserver((list) => {
    if (list.getEntries().some((entry) => gcKind(entry) === constants.NODE_PERFORMANCE_GC_MAJOR))
      this.#look();
  });
  readonly #collections = new Subscribers<number>();
  #limitBytes: number;
  #liveBytes = 0;
  #lookedAt = performance.now();
  /** Undefined while a collection is under way that V8 was asked for. */
  #restMs: number | undefined = rest.ms;

  constructor({ flags, memoryLimit }: HeapPressureOptions) {
    this.#v8Limit = oldGenerationLimit(getHeapStatistics().heap_size_limit, flags);
    this.#memoryLimit = memoryLimit;
    this.#limitBytes = this.#limit();
  }

  /** What lives after each major collection, in bytes. */
  onCollection(listener: (liveBytes: number) => void): Unsubscribe {
    return this.#collections.add(listener);
  }

  start(): void {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.#observer.disconnect();
  }

  read(): number {
    this.#limitBytes = this.#limit();
    const limit = this.#limitBytes;
    const used = oldGenerationBytes();
    if (used > (this.#liveBytes + limit) / 2) return used / limit;
    const age = (performance.now() - this.#lookedAt) / 1_000;
    return Math.max(0, this.#liveBytes / limit - fadingPerSecond * age);
  }

  get report(): HeapReport {
    return { liveBytes: this.#liveBytes, limitBytes: this.#limitBytes };
  }

  /** How much may live before V8 or the kernel ends the process, in bytes, as of the last reading. */
  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** What is used of the old generation now, with what is garbage, in bytes. */
  get usedBytes(): number {
    return oldGenerationBytes();
  }

  /** Asks V8 to collect, unless it has lately: nothing else tells that what lived is free by now. */
  async lookSoon(): Promise<void> {
    const began = performance.now();
    if (this.#restMs === undefined || began - this.#lookedAt < this.#restMs) return;
    this.#restMs = undefined;
    await collectGarbage();
    this.#restMs = Math.max(rest.ms, rest.times * (performance.now() - began));
  }

  #look(): void {
    this.#liveBytes = oldGenerationBytes();
    this.#lookedAt = performance.now();
    this.#limitBytes = this.#limit();
    this.#collections.publish(this.#liveBytes);
  }

  #limit(): number {
    if (this.#memoryLimit === undefined) return this.#v8Limit;
    const besideHeap = process.memoryUsage.rss() - getHeapStatistics().total_heap_size;
    return Math.max(1, Math.min(this.#v8Limit, this.#memoryLimit - Math.max(0, besideHeap)));
  }
}

/** Without the new objects, of which most are garbage again by the time that the observer is called. */
function oldGenerationBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}
