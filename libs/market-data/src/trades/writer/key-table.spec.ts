import { describe, expect, it } from 'vitest';
import { shardOf } from '../../shards/shard.js';
import { KeyTable } from './key-table.js';
import { SecondKeys } from './second-keys.js';

function secondWith(...ids: string[]): SecondKeys {
  const keys = new SecondKeys();
  for (const id of ids) {
    keys.place({ symbol: 'A', second: 0, nanos: 0, id, ticks: '1', lots: '1', side: null }, () => undefined);
  }
  return keys;
}

const sizes = (table: KeyTable, seconds: readonly number[]): (number | undefined)[] =>
  seconds.map((second) => table.get('A', second)?.size);

describe('KeyTable', () => {
  it('knows nothing at first', () => {
    expect(sizes(new KeyTable(100), [0])).toEqual([undefined]);
  });

  it('knows the seconds of a range that was read, also those without trades', () => {
    const table = new KeyTable(100);
    table.fill('A', { from: 10, to: 13 }, new Map([[11, secondWith('x', 'y')]]));
    expect(sizes(table, [9, 10, 11, 12, 13])).toEqual([undefined, 0, 2, 0, undefined]);
    expect(table.get('B', 11)).toBeUndefined();
  });

  it('joins ranges that touch, and keeps the later of two that do not', () => {
    const table = new KeyTable(100);
    table.fill('A', { from: 10, to: 12 }, new Map([[10, secondWith('x')]]));
    table.fill('A', { from: 12, to: 14 }, new Map());
    expect(sizes(table, [10, 11, 13])).toEqual([1, 0, 0]);
    table.fill('A', { from: 20, to: 22 }, new Map());
    table.fill('A', { from: 5, to: 7 }, new Map([[6, secondWith('y')]]));
    expect(sizes(table, [5, 6, 10, 12, 20, 21])).toEqual([undefined, 1, 1, undefined, 0, 0]);
  });

  it('keeps what it knows of a second that is read again', () => {
    const table = new KeyTable(100);
    const known = secondWith('x');
    table.fill('A', { from: 10, to: 11 }, new Map([[10, known]]));
    table.fill('A', { from: 9, to: 12 }, new Map([[10, secondWith()]]));
    expect(table.get('A', 10)).toBe(known);
  });

  it('drops what was not used for long when it is full, and no longer calls that empty', () => {
    const table = new KeyTable(20);
    const [used, unused] = [secondWith('a', 'b', 'c'), secondWith('d', 'e', 'f')];
    table.fill(
      'A',
      { from: 0, to: 10 },
      new Map([
        [3, unused],
        [4, used],
      ]),
    );
    for (let turn = 0; turn < 2; turn += 1) {
      table.grewBy(20);
      expect(table.get('A', 4)).toBe(used);
      table.add('B', turn, secondWith());
    }
    expect(sizes(table, [0, 3, 4, 5])).toEqual([undefined, undefined, 3, 0]);
  });

  it('never holds more than its bound and a second', () => {
    const table = new KeyTable(40);
    const seconds = Array.from({ length: 1_000 }, (_, index) => index);
    table.fill('A', { from: 0, to: 1_000 }, new Map(seconds.map((second) => [second, secondWith('a', 'b')])));
    expect(sizes(table, seconds).filter((size) => size === 2).length).toBeLessThanOrEqual(40 / 3 + 1);
  });

  it('does not believe what was read of a second of which more is known, and does not call it empty', () => {
    const table = new KeyTable(100);
    table.fill('A', { from: 0, to: 10 }, new Map([[4, secondWith('x')]]), new Set([4]));
    expect(sizes(table, [4, 5])).toEqual([undefined, 0]);
  });

  it('forgets the symbols of one shard', () => {
    const table = new KeyTable(100);
    table.fill('A', { from: 0, to: 1 }, new Map());
    table.fill('B', { from: 0, to: 1 }, new Map());
    table.forgetShard(shardOf('A'));
    expect([table.get('A', 0), table.get('B', 0)?.size]).toEqual([undefined, 0]);
  });
});
