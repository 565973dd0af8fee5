import { waitFor } from '@app/testing';
import type { Proxy } from './proxy.ts';

/** An instrument that a test has for itself. */
export interface Instrument {
  readonly symbol: string;
  /** Sends a trade of a moment, in RFC 3339. */
  trade(timestamp: string): Promise<void>;
  /** The trades that the candles count from a moment on. */
  tradesSince(from: string): Promise<number>;
}

interface CandleAnswer {
  readonly candles: readonly { readonly trades: number }[];
  readonly nextCursor: string | null;
}

/** It has a first trade, of long ago, and so a quote. */
export async function createInstrument(proxy: Proxy, token: string, symbol: string): Promise<Instrument> {
  const url = `http://${proxy.host}:${String(proxy.port)}/api/v1`;
  const send = async (path: string, status: number, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const write = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, write);
    const text = await response.text();
    if (response.status !== status) throw new Error(`${path} answered ${String(response.status)} ${text}`);
    return JSON.parse(text);
  };
  const sizes = { tickSize: '0.00001', lotSize: '1' };
  await send('/instruments', 201, { symbol, name: symbol, assetClass: 'fx', currency: 'USD', ...sizes });
  const trade = async (timestamp: string): Promise<void> => {
    const tick = { symbol, price: '1.08461', size: '1', timestamp, tradeId: timestamp };
    await send('/ticks', 202, { ticks: [tick] });
  };
  await trade('2020-01-01T00:00:00Z');
  return {
    symbol,
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
 * The trades that the candles count from a moment on, once all that was accepted is written: a trade that is sent later
 * is written later, so one of an hour before tells.
 * @param since A whole minute.
 */
export async function tradesWritten(instrument: Instrument, since: Date): Promise<number> {
  const marker = new Date(since.getTime() - 3_600_000).toISOString();
  const from = since.toISOString();
  await instrument.trade(marker);
  await waitFor(async () => (await instrument.tradesSince(marker)) > (await instrument.tradesSince(from)), {
    timeoutMs: 60_000,
    message: 'the trades to be written',
  });
  return instrument.tradesSince(from);
}
