import type { RedisClient } from '@app/redis';
import { shardKeys, shardOf } from '../shards/shard.js';
import { parseQuoteMessage } from './quote-channel.js';
import type { Quote } from './quote.js';

/** The latest quotes, in Redis. */
export class QuoteStore {
  readonly #redis: RedisClient;

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  /** Throws a DatastoreError. */
  async get(symbol: string): Promise<Quote | undefined> {
    const { quotes } = shardKeys(shardOf(symbol));
    const kept = await this.#redis.run((redis) => redis.hget(quotes, symbol));
    return kept === null ? undefined : parseKept(kept);
  }

  /** Those of the symbols that have a quote. Throws a DatastoreError. */
  async many(symbols: readonly string[]): Promise<ReadonlyMap<string, Quote>> {
    if (symbols.length === 0) return new Map();
    const answers = await this.#redis.pipeline((pipeline) => {
      for (const symbol of symbols) pipeline.hget(shardKeys(shardOf(symbol)).quotes, symbol);
    });
    const kept = answers.filter((answer) => typeof answer === 'string').map(parseKept);
    return new Map(kept.map((quote) => [quote.symbol, quote]));
  }
}

/** What the append script keeps: the order key, a tab, and the quote. */
function parseKept(kept: string): Quote {
  return parseQuoteMessage(kept.slice(kept.indexOf('\t') + 1));
}
