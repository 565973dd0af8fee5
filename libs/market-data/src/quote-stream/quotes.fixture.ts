import type { RedisClient } from '@app/redis';
import { quoteChannel } from '../quotes/quote-channel.js';
import type { Quote } from '../quotes/quote.js';
import { shardKeys, shardOf } from '../shards/shard.js';
import type { QuoteListener } from './quote-feed.js';

export function quoteOf(symbol: string, updateId: string): Quote {
  return {
    symbol,
    price: '1.5',
    size: '100',
    timestamp: '2026-11-24T08:00:00Z',
    tradeId: 'T1',
    side: 'buy',
    updateId,
  };
}

/** A quote as server-sent event. */
export function eventOf(symbol: string, updateId: string): string {
  const data = `{"symbol":"${symbol}","price":"1.5","size":"100","timestamp":"2026-11-24T08:00:00Z","tradeId":"T1","side":"buy"}`;
  return `id: ${updateId}\nevent: quote\ndata: ${data}\n\n`;
}

/** Keeps and publishes a quote as the append script does. */
export async function publishQuote(redis: RedisClient, symbol: string, updateId: string): Promise<void> {
  const { quotes } = shardKeys(shardOf(symbol));
  const quote = JSON.stringify(quoteOf(symbol, updateId));
  await redis.run((commands) =>
    commands.multi().hset(quotes, symbol, `1\t${quote}`).publish(quoteChannel(symbol), quote).exec(),
  );
}

export class RecordingListener implements QuoteListener {
  readonly heard: Quote[] = [];

  offer(quote: Quote): void {
    this.heard.push(quote);
  }
}
