import type { Trade, TradeSide } from './trade.js';

/** A trade as a row of text; none of its parts can hold a tab or a line break. */
export function tradeRow({ symbol, second, nanos, id, ticks, lots, side }: Trade): string {
  return `${symbol}\t${second}\t${nanos}\t${id}\t${ticks}\t${lots}\t${side ?? ''}`;
}

/** Reads a row; undefined for one that `tradeRow` did not make. */
export function parseTradeRow(row: string): Trade | undefined {
  const [symbol, second, nanos, id, ticks, lots, side, more] = row.split('\t');
  if (!symbol || !second || !nanos || !id || !ticks || !lots || !isSide(side) || more !== undefined)
    return undefined;
  return { symbol, second: Number(second), nanos: Number(nanos), id, ticks, lots, side: side || null };
}

function isSide(text: string | undefined): text is TradeSide | '' {
  return text === '' || text === 'buy' || text === 'sell';
}
