import { type InfluxClient, type InfluxResult, quoteString } from '@app/influxdb';
import type { Clock } from '@app/lifecycle';
import { DecimalGrid } from '../decimal/decimal-grid.js';
import { renderTimestamp } from '../timestamps/timestamp.js';
import { tradesMeasurement } from '../trades/writer/stored-trade.js';
import { type CandleCursor, encodeCursor } from './candle-cursor.js';
import { type CandleRequest, type CandleScan, scanOf } from './candle-request.js';
import { type CandleSums, joinSums, readSums, sumStatements } from './candle-sums.js';
import type { Candle } from './candle.js';

export type { CandleRequest } from './candle-request.js';

export interface CandlePage {
  readonly candles: Candle[];
  /** null after the last page. */
  readonly nextCursor: string | null;
}

/** Trades that one page may read: a quarter of a second's work for InfluxDB. */
const defaultMaxTrades = 100_000;

const nanosOfSecond = 1_000_000_000n;

/** Candles out of the trades in InfluxDB. */
export class CandleQuery {
  readonly #influxdb: InfluxClient;
  readonly #clock: Clock;
  readonly #maxTrades: number;

  constructor(influxdb: InfluxClient, clock: Clock, maxTrades = defaultMaxTrades) {
    this.#influxdb = influxdb;
    this.#clock = clock;
    this.#maxTrades = maxTrades;
  }

  /**
   * The next candles with trades, oldest first. The work is bounded by a number of trades, not by the range: a
   * page may be shorter than the limit, even empty, while its cursor is not null. Throws an AppError
   * `validation_failed` or a DatastoreError.
   */
  async page(request: CandleRequest): Promise<CandlePage> {
    const nowMs = this.#clock.now();
    const scan = scanOf(request, nowMs);
    const { sums, next } = await this.#scan(scan);
    const { tickSize, lotSize } = scan.instrument;
    const [prices, sizes] = [new DecimalGrid(tickSize), new DecimalGrid(lotSize)];
    const candles = sums.map((candle) =>
      render(candle, prices, sizes, (candle.second + scan.length) * 1_000 <= nowMs),
    );
    return { candles, nextCursor: next === undefined ? null : encodeCursor(next) };
  }

  async #scan(scan: CandleScan): Promise<{ sums: readonly CandleSums[]; next: CandleCursor | undefined }> {
    const end = BigInt(scan.end) * nanosOfSecond;
    const until = await this.#boundedEnd(scan, end);
    const found = until === undefined ? [] : await this.#sums(scan, until);
    const sums = joinFirst(scan.unfinished, found);

    const { walk, limit, length } = scan;
    const beyond = sums[limit];
    if (beyond !== undefined) {
      const next = { walk, end: scan.end, at: BigInt(beyond.second) * nanosOfSecond };
      return { sums: sums.slice(0, limit), next };
    }
    if (until === undefined || until === end) return { sums, next: undefined };
    const last = sums.at(-1);
    const isOpen = last !== undefined && BigInt(last.second + length) * nanosOfSecond > until;
    const next = { walk, end: scan.end, at: until, unfinished: isOpen ? last : undefined };
    return { sums: isOpen ? sums.slice(0, -1) : sums, next };
  }

  /** Up to where trades may be read for one page; undefined when there are none. */
  async #boundedEnd(
    { instrument, at, end, length, limit }: CandleScan,
    rangeEnd: bigint,
  ): Promise<bigint | undefined> {
    const trades = `SELECT p FROM ${source(instrument.symbol, at, rangeEnd)} LIMIT 1`;
    const [first, beyond] = await this.#influxdb.query(
      `${trades}; ${trades} OFFSET ${String(this.#maxTrades)}`,
    );
    const firstTime = timeOf(first);
    const beyondTime = timeOf(beyond);
    if (firstTime === undefined) return undefined;
    if (beyondTime === undefined) return rangeEnd;
    // Among so many trades there will be one in most of the intervals.
    const second = Number(firstTime / nanosOfSecond);
    const limitEnd = BigInt(Math.min(second - (second % length) + limit * length, end)) * nanosOfSecond;
    return limitEnd < beyondTime ? limitEnd : beyondTime;
  }

  async #sums({ instrument, at, length, limit }: CandleScan, until: bigint): Promise<CandleSums[]> {
    const groupBy = `GROUP BY time(${String(length)}s) fill(none) LIMIT ${String(limit + 1)}`;
    return readSums(await this.#influxdb.query(sumStatements(source(instrument.symbol, at, until), groupBy)));
  }
}

/** `FROM` and `WHERE` of a symbol's trades; times in nanoseconds, the end exclusive. */
function source(symbol: string, from: bigint, to: bigint): string {
  const range = `time >= ${String(from)} AND time < ${String(to)}`;
  return `${tradesMeasurement} WHERE symbol = ${quoteString(symbol)} AND ${range}`;
}

function timeOf(result: InfluxResult | undefined): bigint | undefined {
  const time = result?.[0]?.rows[0]?.[0];
  return time === undefined || time === null ? undefined : BigInt(time);
}

/** Puts what an earlier page has read of a candle to the rest of it, or in front. */
function joinFirst(unfinished: CandleSums | undefined, found: readonly CandleSums[]): readonly CandleSums[] {
  const [first, ...rest] = found;
  if (unfinished === undefined) return found;
  if (first?.second !== unfinished.second) return [unfinished, ...found];
  return [joinSums(unfinished, first), ...rest];
}

function render(sums: CandleSums, prices: DecimalGrid, sizes: DecimalGrid, complete: boolean): Candle {
  return {
    time: renderTimestamp({ second: sums.second, nanos: 0 }),
    open: prices.render(String(sums.open)),
    high: prices.render(String(sums.high)),
    low: prices.render(String(sums.low)),
    close: prices.render(String(sums.close)),
    volume: sizes.render(String(sums.lots)),
    trades: Number(sums.trades),
    complete,
  };
}
