import { describe, expect, it } from 'vitest';
import { shardCount, shardKeys, shardOf } from './shard.js';

describe('shardOf', () => {
  it.each([
    ['EUR-USD', 6],
    ['BTC-USD', 1],
    ['A', 12],
    ['0', 15],
    ['X'.repeat(32), 5],
  ])('gives %s the same shard for ever', (symbol, shard) => {
    expect(shardOf(symbol)).toBe(shard);
  });

  it('spreads symbols evenly', () => {
    const shards = Array.from({ length: 16_000 }, (_, index) => shardOf(`SYM-${String(index)}`));
    const counts = [...Map.groupBy(shards, (shard) => shard).values()].map((same) => same.length);
    expect(counts).toHaveLength(shardCount);
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});

describe('shardKeys', () => {
  it('gives all keys of a shard one hash tag', () => {
    const tags = Object.values(shardKeys(3)).map((key: string) => /\{(.*?)\}/.exec(key)?.[1]);
    expect(new Set(tags)).toEqual(new Set(['3']));
  });

  it('refuses a shard that does not exist', () => {
    expect(() => shardKeys(shardCount)).toThrow(RangeError);
  });
});
