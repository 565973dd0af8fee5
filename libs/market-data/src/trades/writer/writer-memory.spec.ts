import { describe, expect, it } from 'vitest';
import { writerMemory } from './writer-memory.js';

describe('writerMemory', () => {
  it.each([
    // heap in MB, trades in the table, of one second, batches
    [64, 39_000, 78_000, 1],
    [96, 58_000, 117_000, 1],
    [152, 128_000, 185_000, 1],
    [344, 409_000, 419_000, 4],
    [2_096, 500_000, 2_555_000, 16],
  ])('of a heap of %d MB', (megabytes, keys, keysOfSecond, batches) => {
    const memory = writerMemory(megabytes * 2 ** 20);
    expect({
      keys: Math.floor(memory.keys / 1_000) * 1_000,
      keysOfSecond: Math.floor(memory.keysOfSecond / 1_000) * 1_000,
      batches: memory.batches,
    }).toEqual({ keys, keysOfSecond, batches });
  });
});
