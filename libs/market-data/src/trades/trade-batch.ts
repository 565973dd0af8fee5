import { quoteChannel, quoteText } from '../quotes/quote-channel.js';
import { shardOf } from '../shards/shard.js';
import { renderTimestamp } from '../timestamps/timestamp.js';
import { givenTradeId } from './trade-id.js';
import { compareTrades, quoteOrderKey } from './trade-order.js';
import { tradeRow } from './trade-row.js';
import type { Trade } from './trade.js';
import type { TradedInstrument } from './traded-instrument.js';

/** A quote that becomes the latest of its symbol unless there is a newer one. */
export interface OfferedQuote {
  readonly symbol: string;
  readonly orderKey: string;
  readonly channel: string;
  /** As `quoteText` gives it. */
  readonly text: string;
}

/** The trades of one request that belong to one shard. */
export interface ShardBatch {
  readonly shard: number;
  readonly rows: readonly string[];
  readonly quotes: readonly OfferedQuote[];
}

interface SymbolTrades {
  readonly traded: TradedInstrument;
  readonly rows: string[];
  /** By id; the later ones of several timestamps with the same id by id and timestamp. */
  readonly known: Map<string, Trade>;
  newest: Trade;
}

/** Gathers the accepted trades of one request. */
export class TradeBatch {
  readonly #bySymbol = new Map<string, SymbolTrades>();

  /** Takes a trade; one that is in the batch already is not taken again. False for one that contradicts another. */
  add(trade: Trade, traded: TradedInstrument): boolean {
    let gathered = this.#bySymbol.get(trade.symbol);
    if (gathered === undefined) {
      gathered = { traded, rows: [], known: new Map(), newest: trade };
      this.#bySymbol.set(trade.symbol, gathered);
    }
    const known = sameTrade(gathered.known, trade);
    if (known !== undefined) return known.ticks === trade.ticks && known.lots === trade.lots;
    gathered.rows.push(tradeRow(trade));
    if (compareTrades(gathered.newest, trade) < 0) gathered.newest = trade;
    return true;
  }

  byShard(): ShardBatch[] {
    const batches = new Map<number, { shard: number; rows: string[]; quotes: OfferedQuote[] }>();
    for (const [symbol, { traded, rows, newest }] of this.#bySymbol) {
      const shard = shardOf(symbol);
      const batch = batches.get(shard) ?? { shard, rows: [], quotes: [] };
      batches.set(shard, batch);
      for (const row of rows) batch.rows.push(row);
      batch.quotes.push(offeredQuote(newest, traded));
    }
    return [...batches.values()];
  }
}

/** The trade of the same id and timestamp; where there is none, the trade is known from now on. */
function sameTrade(known: Map<string, Trade>, trade: Trade): Trade | undefined {
  const { id, second, nanos } = trade;
  const first = known.get(id);
  const another = first !== undefined && (first.second !== second || first.nanos !== nanos);
  const key = another ? `${id}\t${second}\t${nanos}` : id;
  const same = another ? known.get(key) : first;
  if (same === undefined) known.set(key, trade);
  return same;
}

function offeredQuote(trade: Trade, { prices, sizes }: TradedInstrument): OfferedQuote {
  const { symbol, side } = trade;
  const text = quoteText({
    symbol,
    price: prices.render(trade.ticks),
    size: sizes.render(trade.lots),
    timestamp: renderTimestamp(trade),
    tradeId: givenTradeId(trade.id),
    side,
  });
  return { symbol, orderKey: quoteOrderKey(trade), channel: quoteChannel(symbol), text };
}
