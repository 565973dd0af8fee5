import type { Quote } from '../quotes/quote.js';

/** What consumers see of a quote; the update id only orders quotes. */
export type QuoteBody = Omit<Quote, 'updateId'>;

export function quoteBody({ symbol, price, size, timestamp, tradeId, side }: Quote): QuoteBody {
  return { symbol, price, size, timestamp, tradeId, side };
}

/** A quote as a server-sent event (HTML standard, section 9.2). */
export function quoteEvent(quote: Quote): string {
  return `id: ${quote.updateId}\nevent: quote\ndata: ${JSON.stringify(quoteBody(quote))}\n\n`;
}

/** Tells the client after how many milliseconds to come back once the stream has ended. */
export function retryField(milliseconds: number): string {
  return `retry: ${String(milliseconds)}\n\n`;
}

/** A comment, which clients skip: it shows them and the proxies between that the stream lives. */
export const heartbeat = ':\n\n';
