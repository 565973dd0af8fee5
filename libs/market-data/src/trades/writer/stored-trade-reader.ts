import { type InfluxCell, type InfluxClient, quoteString } from '@app/influxdb';
import type { SecondRange } from './key-table.js';
import { SecondKeys } from './second-keys.js';
import { joinLots, nanosecondText, splitOrd, tradesMeasurement } from './stored-trade.js';

/** A second that has been read up to and including this nanosecond. */
export interface BegunSecond {
  readonly second: number;
  readonly keys: SecondKeys;
  readonly upTo: number;
}

/** What to read of a symbol. */
export interface ReadRequest extends SecondRange {
  readonly symbol: string;
  /** The most points to read. */
  readonly limit: number;
  /** Where reading goes on, if the first second was begun before. */
  readonly begun?: BegunSecond | undefined;
}

/** What is stored of a symbol. */
export interface StoredSeconds {
  /** By second: those that were read whole. */
  readonly seconds: ReadonlyMap<number, SecondKeys>;
  /** The second in which the limit was met. */
  readonly begun?: BegunSecond;
}

const columns = ['id', 'ord', 'p', 's', 'sh', 'side'] as const;

/** Reads trades back from InfluxDB; one answer for each request, in order. Throws a DatastoreError. */
export async function readStoredTrades(
  influxdb: InfluxClient,
  requests: readonly ReadRequest[],
  signal: AbortSignal,
): Promise<StoredSeconds[]> {
  const results = await influxdb.query(requests.map(statement).join('; '), { signal });
  return requests.map((request, index) => parseRows(request, results[index]?.[0]?.rows ?? []));
}

function statement({ symbol, from, to, limit, begun }: ReadRequest): string {
  const start =
    begun === undefined ? `>= ${nanosecondText(from, 0)}` : `> ${nanosecondText(from, begun.upTo)}`;
  const where = `symbol = ${quoteString(symbol)} AND time ${start} AND time < ${nanosecondText(to, 0)}`;
  return `SELECT ${columns.join(', ')} FROM ${tradesMeasurement} WHERE ${where} LIMIT ${String(limit)}`;
}

function parseRows({ limit, begun }: ReadRequest, rows: readonly (readonly InfluxCell[])[]): StoredSeconds {
  const seconds = new Map<number, SecondKeys>();
  if (begun !== undefined) seconds.set(begun.second, begun.keys);
  let last = { second: 0, keys: new SecondKeys(), upTo: 0 };
  for (const row of rows) {
    const time = row[0]?.padStart(10, '0') ?? '';
    const second = Number(time.slice(0, -9));
    const upTo = Number(time.slice(-9));
    const keys = seconds.get(second) ?? new SecondKeys();
    seconds.set(second, keys);
    loadRow(keys, upTo, row);
    last = { second, keys, upTo };
  }
  if (rows.length < limit) return { seconds };
  seconds.delete(last.second);
  return { seconds, begun: last };
}

function loadRow(
  keys: SecondKeys,
  storedAt: number,
  [, id, ord, ticks, low, high, side]: readonly InfluxCell[],
): void {
  // InfluxDB shows a point field by field while a write that was given up lands after all. Its trade comes again, and
  // gets the same place; to take the place for occupied would store the trade twice.
  if (!id || !ord || !ticks || !low || !high) return;
  const sideOf = side === 'buy' || side === 'sell' ? side : null;
  keys.load({ ...splitOrd(ord), id, ticks, lots: joinLots(high, low), side: sideOf, storedAt });
}
