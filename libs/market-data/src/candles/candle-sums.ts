import type { InfluxCell, InfluxResult } from '@app/influxdb';

/** What is known of a candle, in ticks and lots. */
export interface CandleSums {
  /** When the candle begins, in seconds since 1970. */
  readonly second: number;
  /** The least and the greatest `ord` of its trades, and the prices of those. */
  readonly firstOrd: bigint;
  readonly open: bigint;
  readonly lastOrd: bigint;
  readonly close: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly lots: bigint;
  readonly trades: bigint;
}

/** What two disjoint parts of a candle's trades give together. */
export function joinSums(a: CandleSums, b: CandleSums): CandleSums {
  const first = a.firstOrd < b.firstOrd ? a : b;
  const last = a.lastOrd > b.lastOrd ? a : b;
  return {
    second: a.second,
    firstOrd: first.firstOrd,
    open: first.open,
    lastOrd: last.lastOrd,
    close: last.close,
    high: a.high > b.high ? a.high : b.high,
    low: a.low < b.low ? a.low : b.low,
    lots: a.lots + b.lots,
    trades: a.trades + b.trades,
  };
}

/**
 * The statements whose answers `readSums` takes. Open and close cannot come from first() and last(): trades may be
 * stored beside their timestamps, and `ord` alone has their order.
 */
export function sumStatements(where: string, groupBy: string): string {
  return [
    `SELECT max(p), min(p), sum(s), sum(sh), count(p) FROM ${where} ${groupBy}`,
    `SELECT min(ord), p FROM ${where} ${groupBy}`,
    `SELECT max(ord), p FROM ${where} ${groupBy}`,
  ].join('; ');
}

/** Reads the answers of the three statements, in order of time. */
export function readSums([totals, firsts, lasts]: readonly InfluxResult[]): CandleSums[] {
  const firstByTime = new Map(rowsOf(firsts).map(([time, ...cells]) => [time, cells]));
  const lastByTime = new Map(rowsOf(lasts).map(([time, ...cells]) => [time, cells]));
  return rowsOf(totals).flatMap(([time = null, ...cells]) => {
    const all = [time, ...cells, ...(firstByTime.get(time) ?? []), ...(lastByTime.get(time) ?? [])];
    const numbers = all.filter((cell) => cell !== null).map(BigInt);
    return numbers.length === 10 ? [sumsOf(numbers)] : [];
  });
}

function sumsOf(numbers: readonly bigint[]): CandleSums {
  const [time = 0n, high = 0n, low = 0n, lowLots = 0n, highLots = 0n, trades = 0n, ...ends] = numbers;
  const [firstOrd = 0n, open = 0n, lastOrd = 0n, close = 0n] = ends;
  const lots = highLots * 1_000_000_000n + lowLots;
  return { second: Number(time / 1_000_000_000n), firstOrd, open, lastOrd, close, high, low, lots, trades };
}

function rowsOf(result: InfluxResult | undefined): readonly (readonly InfluxCell[])[] {
  return result?.[0]?.rows ?? [];
}
