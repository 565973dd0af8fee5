import { shardOf } from '../shards/shard.js';
import type { Quote } from './quote.js';

/** The pub/sub channel of a symbol's new quotes. */
export function quoteChannel(symbol: string): string {
  return `md:{${String(shardOf(symbol))}}:quote:${symbol}`;
}

/** A quote as it is kept and published, without the update id, which the append script puts in front. */
export function quoteText({
  symbol,
  price,
  size,
  timestamp,
  tradeId,
  side,
}: Omit<Quote, 'updateId'>): string {
  return JSON.stringify({ symbol, price, size, timestamp, tradeId, side }).slice(1);
}

/** Reads a message of such a channel. Throws a SyntaxError for anything else. */
export function parseQuoteMessage(message: string): Quote {
  const value: unknown = JSON.parse(message);
  if (isQuote(value)) return value;
  throw new SyntaxError('The message is no quote.');
}

function isQuote(value: unknown): value is Quote {
  if (typeof value !== 'object' || value === null) return false;
  const { symbol, price, size, timestamp, tradeId, side, updateId }: Partial<Record<keyof Quote, unknown>> =
    value;
  const texts = [symbol, price, size, timestamp, updateId].every((text) => typeof text === 'string');
  return (
    texts &&
    (tradeId === null || typeof tradeId === 'string') &&
    (side === null || side === 'buy' || side === 'sell')
  );
}
