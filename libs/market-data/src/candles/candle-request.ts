import { AppError, coreErrors } from '@app/errors';
import type { Instrument } from '../instruments/instrument.js';
import { parseTimestamp } from '../timestamps/timestamp.js';
import { type CandleCursor, decodeCursor } from './candle-cursor.js';
import { type CandleInterval, candleIntervals } from './candle-interval.js';

/** What a client asks for, as it came. */
export interface CandleRequest {
  readonly instrument: Instrument;
  readonly interval: string;
  /** RFC 3339, inclusive; the beginning of the data where it is missing. */
  readonly from?: string | undefined;
  /** RFC 3339, exclusive; the end of the running candle where it is missing. */
  readonly to?: string | undefined;
  /** 1 to 5,000; 1,000 where it is missing. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before; the other parameters are those of the first page. */
  readonly cursor?: string | undefined;
}

/** What is to be read for a page. */
export interface CandleScan extends CandleCursor {
  readonly instrument: Instrument;
  /** Length of a candle in seconds. */
  readonly length: number;
  readonly limit: number;
}

const defaultLimit = 1_000;
const maxLimit = 5_000;

/** The last whole day that InfluxDB's times reach, 2262-04-11, in seconds since 1970. */
const latestSecond = 9_223_286_400;

/**
 * Checks a request. Throws an AppError `validation_failed` that names the parameter. A candle belongs to a range when
 * it begins in it.
 */
export function scanOf(request: CandleRequest, nowMs: number): CandleScan {
  const { instrument, interval, limit = defaultLimit } = request;
  if (!isInterval(interval))
    throw invalid('interval', `is not one of ${Object.keys(candleIntervals).join(', ')}`);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    throw invalid('limit', `is not a whole number from 1 to ${String(maxLimit)}`);

  const length = candleIntervals[interval];
  const from = boundOf('from', request.from, length) ?? 0;
  const running = (Math.floor(nowMs / 1_000 / length) + 1) * length;
  const end = boundOf('to', request.to, length) ?? running;
  if (request.from !== undefined && request.to !== undefined && end < from)
    throw invalid('to', 'is before from');
  const walk = [instrument.symbol, interval, request.from ?? '', request.to ?? ''].join('|');
  if (request.cursor === undefined)
    return { instrument, length, limit, walk, at: BigInt(from) * 1_000_000_000n, end };

  const cursor = decodeCursor(request.cursor);
  if (cursor?.walk !== walk || !isPossible(cursor))
    throw invalid('cursor', 'does not go with the other parameters');
  return { instrument, length, limit, ...cursor };
}

/** A cursor that somebody made up may lead to nonsense, but not to times that cannot be. */
function isPossible({ at, end, unfinished }: CandleCursor): boolean {
  const second = unfinished?.second ?? 0;
  return end <= latestSecond && at <= BigInt(end) * 1_000_000_000n && second <= latestSecond;
}

/** The first second from the given time on at which a candle may begin; undefined for no time. */
function boundOf(field: 'from' | 'to', text: string | undefined, length: number): number | undefined {
  if (text === undefined) return undefined;
  const timestamp = parseTimestamp(text);
  if (timestamp === undefined) throw invalid(field, 'is not a timestamp such as 2017-04-19T09:00:00Z');
  const { second, nanos } = timestamp;
  const aligned = Math.ceil((nanos > 0 ? second + 1 : second) / length) * length;
  return Math.min(Math.max(aligned, 0), latestSecond);
}

function isInterval(text: string): text is CandleInterval {
  return Object.hasOwn(candleIntervals, text);
}

function invalid(field: string, detail: string): AppError {
  return new AppError(coreErrors.validation_failed, `${field} ${detail}.`, {
    data: { errors: [{ field, detail }] },
  });
}
