import { escapeString } from '@app/influxdb';
import type { TradeSide } from '../trade.js';

/** The measurement that trades are stored in; a symbol has one series. */
export const tradesMeasurement = 'trades';

/** A trade as InfluxDB has it, within its second. */
export interface StoredTrade {
  /** Nanosecond of the second that the trade tells. */
  readonly nanos: number;
  readonly id: string;
  readonly ticks: string;
  readonly lots: string;
  readonly side: TradeSide | null;
  /** Nanosecond of the second that it is stored under: its own, or the next free one. */
  readonly storedAt: number;
  /** Orders trades of the same timestamp, 0 to 99,999; only those of the first and the last of them are told apart. */
  readonly rank: number;
}

const start = `${tradesMeasurement},symbol=`;

const secondsOfDay = 86_400;

/** The rank's place below the nanosecond of the day in the field `ord`: the greatest is 8.64 × 10^18, within int64. */
const rankDigits = 5;

/** Lots are stored in two fields, low 9 digits and the rest: a sum of each stays exact and below 2^63. */
const lowDigits = 9;

/**
 * The trade as a line of line protocol. `ord` puts all trades of a day in the contract's order wherever they are
 * stored: the nanosecond of the UTC day, then the rank.
 */
export function tradeLine(symbol: string, second: number, trade: StoredTrade): string {
  const { ticks, lots, id, side } = trade;
  const low = lots.length > lowDigits ? String(Number(lots.slice(-lowDigits))) : lots;
  const high = lots.length > lowDigits ? lots.slice(0, -lowDigits) : '0';
  const ofDay = (second % secondsOfDay) * 1e9 + trade.nanos;
  const ord = ofDay === 0 ? trade.rank : `${ofDay}${String(trade.rank).padStart(rankDigits, '0')}`;
  const sideField = side === null ? 'i ' : `i,side="${side}" `;
  const time = nanosecondText(second, trade.storedAt);
  // A template would be kept as a tree of its parts, which takes three times as much memory as the text.
  return [
    start,
    symbol,
    ' p=',
    ticks,
    'i,s=',
    low,
    'i,sh=',
    high,
    'i,id=',
    quoted(id),
    ',ord=',
    ord,
    sideField,
    time,
  ].join('');
}

const special = /["\\]/;

/** Most ids need no escaping, which goes through a text letter by letter. */
function quoted(text: string): string {
  return special.test(text) ? escapeString(text) : `"${text}"`;
}

/** Nanoseconds since 1970, as text. */
export function nanosecondText(second: number, nanos: number): string {
  return second === 0 ? String(nanos) : `${second}${String(nanos).padStart(9, '0')}`;
}

/** Lots of their two fields. */
export function joinLots(high: string, low: string): string {
  return high === '0' ? low : high + low.padStart(lowDigits, '0');
}

/** Nanosecond of the second, and rank, of the field `ord`. */
export function splitOrd(ord: string): { nanos: number; rank: number } {
  return { nanos: Number(ord.slice(0, -rankDigits)) % 1e9, rank: Number(ord.slice(-rankDigits)) };
}
