/** The second of the first trade of body 0, since 1970. */
const firstSecond = Date.UTC(2026, 0, 5) / 1_000;
const tradesPerSecond = 1_000;

export interface TradeBody {
  readonly symbol: string;
  /** Which of many bodies; each has trades and seconds of its own. */
  readonly number: number;
  readonly trades?: number;
  /** Spaces within each trade. */
  readonly padding?: number;
}

/** A body of `POST /ticks` with 10,000 trades, some 1.1 MB, unless it is to have fewer. */
export function tradeBody({ symbol, number, trades = 10_000, padding = 0 }: TradeBody): Buffer {
  const space = ' '.repeat(padding);
  const firstMs = secondsOf({ number, trades }).from * 1_000;
  const ticks = Array.from({ length: trades }, (_, index) => {
    const timestamp = new Date(firstMs + index).toISOString();
    const price = `1.0${String(1_000 + (index % 9_000))}`;
    return `{"symbol":"${symbol}","price":"${price}","size":"${String(1 + (index % 50))}",${space}"timestamp":"${timestamp}","tradeId":"${String(number)}-${String(index)}"}`;
  });
  return Buffer.from(`{"ticks":[${ticks.join(',')}]}`);
}

/** The seconds of a body's trades, since 1970; `to` exclusive. */
function secondsOf({ number, trades = 10_000 }: Pick<TradeBody, 'number' | 'trades'>): {
  from: number;
  to: number;
} {
  const seconds = Math.ceil(trades / tradesPerSecond);
  const from = firstSecond + number * seconds;
  return { from, to: from + seconds };
}

interface CountAnswer {
  readonly results: readonly [
    { readonly series?: readonly [{ readonly values: readonly [string, number][] }] },
  ];
}

/** How many trades of a body InfluxDB has; its URL must answer InfluxQL. */
export async function storedOf(influxdbUrl: string, body: TradeBody): Promise<number> {
  const { from, to } = secondsOf(body);
  const q = `SELECT COUNT(id) FROM trades WHERE symbol = '${body.symbol}' AND time >= ${String(from)}s AND time < ${String(to)}s`;
  const response = await fetch(
    `${influxdbUrl}/query?${new URLSearchParams({ db: 'trading', q }).toString()}`,
  );
  const { results } = (await response.json()) as CountAnswer;
  return results[0].series?.[0].values[0]?.[1] ?? 0;
}
