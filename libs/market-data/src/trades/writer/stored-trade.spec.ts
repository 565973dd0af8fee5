import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLots, splitOrd, tradeLine } from './stored-trade.js';

const plain = { nanos: 1, id: 'x', ticks: '5', lots: '7', side: null, storedAt: 2, rank: 20_000 };

describe('tradeLine', () => {
  it.each([
    [plain, 'p=5i,s=7i,sh=0i,id="x",ord=1080000000000120000i 1767322800000000002'],
    [
      { ...plain, side: 'buy' as const },
      'p=5i,s=7i,sh=0i,id="x",ord=1080000000000120000i,side="buy" 1767322800000000002',
    ],
    [{ ...plain, lots: '1000000000' }, 'p=5i,s=0i,sh=1i,id="x",ord=1080000000000120000i 1767322800000000002'],
    [
      { ...plain, id: 'a"\\' },
      String.raw`p=5i,s=7i,sh=0i,id="a\"\\",ord=1080000000000120000i 1767322800000000002`,
    ],
    [{ ...plain, rank: 7 }, 'p=5i,s=7i,sh=0i,id="x",ord=1080000000000100007i 1767322800000000002'],
  ])('writes %j', (stored, rest) => {
    expect(tradeLine('EUR-USD', 1_767_322_800, stored)).toBe(`trades,symbol=EUR-USD ${rest}`);
  });

  it('writes no leading zeros at the beginning of 1970', () => {
    expect(tradeLine('A', 0, { ...plain, nanos: 0, storedAt: 0, rank: 5 })).toBe(
      'trades,symbol=A p=5i,s=7i,sh=0i,id="x",ord=5i 0',
    );
  });

  it('writes fields from which lots, nanosecond and rank come out again', () => {
    const trades = fc.record({
      second: fc.integer({ min: 0, max: 4_000_000_000 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
      rank: fc.integer({ min: 0, max: 99_999 }),
      lots: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String),
    });
    fc.assert(
      fc.property(trades, ({ second, ...changes }) => {
        const line = tradeLine('A', second, { ...plain, ...changes });
        const [, low = '', high = '', ord = ''] = /s=(\d+)i,sh=(\d+)i,id="x",ord=(\d+)i/.exec(line) ?? [];
        expect({ lots: joinLots(high, low), ...splitOrd(ord) }).toEqual(changes);
        expect(BigInt(ord) < 2n ** 63n).toBe(true);
      }),
    );
  });
});
