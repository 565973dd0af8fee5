import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madeUpTradeId } from '../trade-id.js';
import { compareTrades } from '../trade-order.js';
import type { Trade } from '../trade.js';
import { SecondKeys } from './second-keys.js';
import type { StoredTrade } from './stored-trade.js';

function trade(nanos: number, id: string, ticks = '1', lots = '1'): Trade {
  return { symbol: 'A', second: 0, nanos, id, ticks, lots, side: null };
}

/** What InfluxDB would hold after all writes: the last one of each place. */
class Storage {
  readonly points = new Map<number, StoredTrade>();
  readonly store = (stored: StoredTrade): void => void this.points.set(stored.storedAt, stored);

  byOrd(): StoredTrade[] {
    return [...this.points.values()].toSorted((a, b) => a.nanos - b.nanos || a.rank - b.rank);
  }

  reload(): SecondKeys {
    const keys = new SecondKeys();
    for (const stored of this.points.values()) keys.load(stored);
    return keys;
  }
}

const tradesOfSecond = fc.array(
  fc
    .record({
      nanos: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 999_999_995, max: 999_999_999 })),
      id: fc.oneof(fc.stringMatching(/^[0-9]{1,3}$/), fc.stringMatching(/^[a-c]{1,2}$/)),
    })
    .map(({ nanos, id }) => trade(nanos, id)),
  { maxLength: 60 },
);

describe('SecondKeys', () => {
  it('stores a trade under its own nanosecond', () => {
    const storage = new Storage();
    expect(new SecondKeys().place(trade(7, 'x'), storage.store)).toBe('new');
    expect(storage.byOrd()).toEqual([
      { nanos: 7, id: 'x', ticks: '1', lots: '1', side: null, storedAt: 7, rank: 20_000 },
    ]);
  });

  it('knows a trade again, and one that contradicts it', () => {
    const keys = new SecondKeys();
    const storage = new Storage();
    keys.place(trade(7, 'x'), storage.store);
    keys.place(trade(7, 'y'), storage.store);
    const again = [trade(7, 'x'), trade(7, 'x', '2'), trade(7, 'y', '1', '2'), trade(8, 'x')];
    expect(again.map((each) => keys.place(each, storage.store))).toEqual([
      'known',
      'conflict',
      'conflict',
      'new',
    ]);
    expect(storage.points.size).toBe(3);
  });

  it('begins again at the start of the second when its end is taken', () => {
    const storage = new Storage();
    const keys = new SecondKeys();
    for (const id of ['a', 'b', 'c']) keys.place(trade(999_999_999, id), storage.store);
    keys.place(trade(0, 'd'), storage.store);
    expect([...storage.points].map(([at, { id }]) => [at, id])).toEqual([
      [999_999_999, 'a'],
      [0, 'b'],
      [1, 'c'],
      [2, 'd'],
    ]);
  });

  it('keeps every trade once, and the first and last of each timestamp in order, whatever the order of arrival', () => {
    fc.assert(
      fc.property(tradesOfSecond, fc.array(fc.boolean(), { maxLength: 60 }), (arrivals, restarts) => {
        const storage = new Storage();
        let keys = new SecondKeys();
        for (const [index, arrival] of arrivals.entries()) {
          if (restarts[index] === true) keys = storage.reload();
          keys.place(arrival, storage.store);
        }
        const different = new Map(arrivals.map((arrival) => [`${arrival.nanos} ${arrival.id}`, arrival]));
        expect(storage.points.size).toBe(different.size);
        const stored = storage.byOrd();
        for (const nanos of new Set(arrivals.map((arrival) => arrival.nanos))) {
          const ordered = [...different.values()]
            .filter((each) => each.nanos === nanos)
            .toSorted(compareTrades);
          const tied = stored.filter((each) => each.nanos === nanos);
          expect([tied[0]?.id, tied.at(-1)?.id]).toEqual([ordered[0]?.id, ordered.at(-1)?.id]);
          expect(tied.length > 1 && tied[0]?.rank === tied[1]?.rank).toBe(false);
          expect(tied.length > 1 && tied.at(-1)?.rank === tied.at(-2)?.rank).toBe(false);
        }
      }),
    );
  });

  it('comes to the same places and ranks when the work is repeated by another', () => {
    fc.assert(
      fc.property(tradesOfSecond, fc.nat(60), (arrivals, split) => {
        const first = new Storage();
        const keys = new SecondKeys();
        for (const arrival of arrivals.slice(0, split)) keys.place(arrival, first.store);
        const second = new Storage();
        for (const [at, stored] of first.points) second.points.set(at, stored);
        const others = second.reload();
        for (const arrival of arrivals.slice(split)) {
          keys.place(arrival, first.store);
          others.place(arrival, second.store);
        }
        expect(second.byOrd()).toEqual(first.byOrd());
      }),
    );
  });

  it.each([
    ['growing', (index: number) => String(index)],
    ['shrinking', (index: number) => String(100_000 - index)],
  ])('keeps first and last apart from the others in a tie of 60,000 with %s ids', (_name, idOf) => {
    const storage = new Storage();
    let keys = new SecondKeys();
    const ids = Array.from({ length: 60_000 }, (_, index) => idOf(index));
    for (const [index, id] of ids.entries()) {
      if (index === 50_000) keys = storage.reload();
      keys.place(trade(5, id), storage.store);
    }
    const stored = storage.byOrd();
    const sorted = ids.map(Number).toSorted((a, b) => a - b);
    expect(stored).toHaveLength(ids.length);
    expect([stored[0]?.id, stored.at(-1)?.id].map(Number)).toEqual([sorted[0], sorted.at(-1)]);
    expect(stored[0]?.rank).not.toBe(stored[1]?.rank);
    expect(stored.at(-1)?.rank).not.toBe(stored.at(-2)?.rank);
    expect(stored.every(({ rank }) => rank >= 0 && rank <= 99_999)).toBe(true);
  });

  it('orders trades without an id by their arrival', () => {
    const storage = new Storage();
    const keys = new SecondKeys();
    const ids = ['a', 'b'].flatMap((nonce) => [8, 9, 10].map((index) => madeUpTradeId(nonce, index)));
    for (const id of ids) keys.place(trade(5, id), storage.store);
    expect(storage.byOrd().map(({ id }) => id)).toEqual(ids);
  });
});
