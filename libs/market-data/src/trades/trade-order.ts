import { tradeOrderKey } from './trade-id.js';
import type { Trade } from './trade.js';

/** Orders trades of one symbol: by timestamp, then trade id, then arrival. Negative when the first comes before. */
export function compareTrades(a: Trade, b: Trade): number {
  if (a.second !== b.second) return a.second - b.second;
  if (a.nanos !== b.nanos) return a.nanos - b.nanos;
  const keyA = tradeOrderKey(a.id);
  const keyB = tradeOrderKey(b.id);
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0;
}

/** A text that sorts as `compareTrades` does. */
export function quoteOrderKey({ second, nanos, id }: Trade): string {
  return String(second).padStart(12, '0') + String(nanos).padStart(9, '0') + tradeOrderKey(id);
}
