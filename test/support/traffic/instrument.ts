import { waitFor } from '@app/testing';

/** An instrument that a test has for itself. */
export interface Instrument {
  readonly symbol: string;
  /** The whole minute in which it was made. */
  readonly since: Date;
  /** Sends a trade of a moment, in RFC 3339. */
  trade(timestamp: string): Promise<void>;
  /** The trades that the candles count from a moment on. */
  tradesSince(from: string): Promise<number>;
}

interface CandleAnswer {
  readonly candles: readonly { readonly trades: number }[];
  readonly nextCursor: string | null;
}

/**
 * It has a first trade, of long ago, and so a quote.
 * @param url Of the service, as `http://127.0.0.1:40123`.
 * @param token A bearer token with the scope `write`.
 */
export async function createInstrument(url: string, token: string, symbol: string): Promise<Instrument> {
  const send = async (path: string, status: number, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const write = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/v1${path}`, write);
    const text = await response.text();
    if (response.status !== status) throw new Error(`${path} answered ${String(response.status)} ${text}`);
    return JSON.parse(text);
  };
  const since = new Date();
  since.setUTCSeconds(0, 0);
  const sizes = { tickSize: '0.00001', lotSize: '1' };
  await send('/instruments', 201, { symbol, name: symbol, assetClass: 'fx', currency: 'USD', ...sizes });
  const trade = async (timestamp: string): Promise<void> => {
    const tick = { symbol, price: '1.08461', size: '1', timestamp, tradeId: timestamp };
    await send('/ticks', 202, { ticks: [tick] });
  };
  await trade('2020-01-01T00:00:00Z');
  return {
    symbol,
    since,
    trade,
    tradesSince: async (from) => {
      let trades = 0;
      let cursor: string | null = null;
      do {
        const query = new URLSearchParams({ interval: '1m', from, ...(cursor === null ? {} : { cursor }) });
        const page = (await send(`/candles/${symbol}?${query.toString()}`, 200)) as CandleAnswer;
        for (const candle of page.candles) trades += candle.trades;
        cursor = page.nextCursor;
      } while (cursor !== null);
      return trades;
    },
  };
}

/**
 * The trades that the candles count since the instrument was made, once all that was accepted is written: a trade that is
 * sent later is written later, so one of an hour before tells.
 */
export async function tradesWritten(instrument: Instrument): Promise<number> {
  const from = instrument.since.toISOString();
  const marker = new Date(instrument.since.getTime() - 3_600_000).toISOString();
  await instrument.trade(marker);
  await waitFor(async () => (await instrument.tradesSince(marker)) > (await instrument.tradesSince(from)), {
    timeoutMs: 60_000,
    message: 'the trades to be written',
  });
  return instrument.tradesSince(from);
}
