/** A trade as the tests make it: the price in ticks of 0.00001, the size in lots of 1. */
export interface ModelTrade {
  readonly ms: number;
  readonly id: number;
  readonly ticks: number;
  readonly lots: number;
}

export interface ModelCandle {
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly trades: number;
}

/** Trades at whole seconds, a few of them in the same one, from a generator that always gives the same. */
export function makeTrades(count: number, startMs: number, secondsApart: number): ModelTrade[] {
  let state = 12_345;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  let ms = startMs;
  return Array.from({ length: count }, (_, index) => {
    if (next(5) > 0) ms += (1 + next(secondsApart)) * 1_000;
    return { ms, id: index + 1, ticks: 107_000 + next(500), lots: next(300) };
  });
}

export const price = (ticks: number): string => (ticks / 100_000).toFixed(5);

/** Candles by the plainest means: sort, group, fold. */
export function modelCandles(trades: readonly ModelTrade[], intervalMs: number): ModelCandle[] {
  const sorted = trades.toSorted((one, other) => one.ms - other.ms || one.id - other.id);
  const groups = Map.groupBy(sorted, ({ ms }) => Math.floor(ms / intervalMs) * intervalMs);
  return [...groups].map(([start, group]) => {
    const ticks = group.map((trade) => trade.ticks);
    return {
      time: new Date(start).toISOString().replace('.000Z', 'Z'),
      open: price(ticks[0] ?? 0),
      high: price(Math.max(...ticks)),
      low: price(Math.min(...ticks)),
      close: price(ticks.at(-1) ?? 0),
      volume: String(group.reduce((sum, trade) => sum + trade.lots, 0)),
      trades: group.length,
    };
  });
}

/** As `import-ticks` reads it. */
export function csvOf(trades: readonly ModelTrade[], symbol: string): string {
  const rows = trades.map(
    ({ ms, id, ticks, lots }) =>
      `${symbol},${new Date(ms).toISOString()},${price(ticks)},${String(lots)},${String(id)}`,
  );
  return ['symbol,timestamp,price,size,trade_id', ...rows, ''].join('\n');
}
