import type { CandleSums } from './candle-sums.js';

/** Where a walk over candles goes on. */
export interface CandleCursor {
  /** The request's parameters that must stay the same, as `walkOf` gives them. */
  readonly walk: string;
  /** Nanoseconds since 1970: trades stored before that have been read. */
  readonly at: bigint;
  /** The end of the whole walk, in seconds since 1970, exclusive. */
  readonly end: number;
  /** The candle of which only a part has been read, because it has so many trades. */
  readonly unfinished?: CandleSums | undefined;
}

const version = '1';
const number = /^\d{1,19}$/;

export function encodeCursor({ walk, at, end, unfinished }: CandleCursor): string {
  const sums = unfinished === undefined ? [] : numbersOf(unfinished);
  const text = [version, walk, at, end, ...sums].join(' ');
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Reads a cursor; undefined for a text that `encodeCursor` cannot have made. */
export function decodeCursor(cursor: string): CandleCursor | undefined {
  const [versionOf, walk, ...texts] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (versionOf !== version || walk === undefined || !texts.every((text) => number.test(text)))
    return undefined;
  if (texts.length !== 2 && texts.length !== 11) return undefined;
  const [at = 0n, end = 0n, ...sums] = texts.map(BigInt);
  const unfinished = sums.length === 0 ? undefined : sumsOf(sums);
  return { walk, at, end: Number(end), unfinished };
}

function numbersOf(sums: CandleSums): (bigint | number)[] {
  const { second, firstOrd, open, lastOrd, close, high, low, lots, trades } = sums;
  return [second, firstOrd, open, lastOrd, close, high, low, lots, trades];
}

function sumsOf(numbers: readonly bigint[]): CandleSums {
  const [second = 0n, firstOrd = 0n, open = 0n, lastOrd = 0n, close = 0n, ...rest] = numbers;
  const [high = 0n, low = 0n, lots = 0n, trades = 0n] = rest;
  return { second: Number(second), firstOrd, open, lastOrd, close, high, low, lots, trades };
}
