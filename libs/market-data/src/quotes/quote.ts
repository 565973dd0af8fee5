import type { TradeSide } from '../trades/trade.js';

/** The latest trade of a symbol. */
export interface Quote {
  readonly symbol: string;
  /** Decimal strings at the instrument's tick and lot size. */
  readonly price: string;
  readonly size: string;
  /** RFC 3339 in UTC. */
  readonly timestamp: string;
  /** null for a trade that came without one. */
  readonly tradeId: string | null;
  readonly side: TradeSide | null;
  /**
   * `<microseconds since 1970>-<n>` by the clock of Redis: grows with each new quote of a shard, and can be compared
   * across shards, both parts by number.
   */
  readonly updateId: string;
}
