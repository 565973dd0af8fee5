import { DecimalGrid } from '../decimal/decimal-grid.js';
import type { Instrument } from '../instruments/instrument.js';
import { renderTimestamp } from '../timestamps/timestamp.js';
import { compareTrades } from '../trades/trade-order.js';
import type { Trade } from '../trades/trade.js';
import type { Candle } from './candle.js';

export const start = Date.UTC(2026, 0, 2, 23, 58, 30) / 1_000;
export const nowMs = Date.UTC(2026, 2, 10, 12, 0, 30);

export const instrument: Instrument = {
  symbol: 'A',
  name: 'A',
  assetClass: 'fx',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '0.1',
  status: 'active',
};
export const other = { ...instrument, symbol: 'B' };

export function trade(second: number, changes: Partial<Trade> = {}): Trade {
  return { symbol: 'A', second, nanos: 0, id: '1', ticks: '100', lots: '1', side: null, ...changes };
}

/** Two days with pauses, a gap of five years before them, and one running candle after them. */
export function manyTrades(): Trade[] {
  const trades: Trade[] = [
    trade(start - 5 * 365 * 86_400),
    trade(Math.floor(nowMs / 1_000) - 2, { id: 'last' }),
  ];
  for (let index = 0; index < 1_500; index++) {
    const second = start + Math.floor(index / 5) * ((index % 3) * 40 + 1) + (index > 700 ? 86_000 : 0);
    const id = index % 4 === 0 ? `x${String(index % 17)}-${String(index)}` : String((index * 7_919) % 10_007);
    const nanos = index % 3 === 0 ? 999_999_999 : (index % 5) * 1_000_000;
    trades.push(
      trade(second, { nanos, id, ticks: String(90 + ((index * 31) % 41)), lots: String((index * 13) % 29) }),
    );
  }
  return trades;
}

/** The candles of trades, worked out in the plainest way. */
export function candlesOf(
  trades: readonly Trade[],
  length: number,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): Candle[] {
  const byStart = Map.groupBy(trades.toSorted(compareTrades), ({ second }) => second - (second % length));
  const [prices, sizes] = [new DecimalGrid(instrument.tickSize), new DecimalGrid(instrument.lotSize)];
  return [...byStart]
    .filter(([begin]) => begin >= from && begin < to)
    .map(([begin, part]) => {
      const ticks = part.map((each) => BigInt(each.ticks));
      const sorted = ticks.toSorted((a, b) => Number(a - b));
      const price = (steps: bigint | undefined): string => prices.render(String(steps));
      return {
        time: renderTimestamp({ second: begin, nanos: 0 }),
        open: price(ticks[0]),
        high: price(sorted.at(-1)),
        low: price(sorted[0]),
        close: price(ticks.at(-1)),
        volume: sizes.render(String(part.reduce((sum, { lots }) => sum + BigInt(lots), 0n))),
        trades: part.length,
        complete: (begin + length) * 1_000 <= nowMs,
      };
    });
}
