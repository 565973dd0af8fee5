import { AppError } from '@app/errors';
import type { InstrumentCatalogue } from '../instruments/instrument-catalogue.js';
import { isSymbol } from '../instruments/instrument.js';
import { marketDataErrors } from '../market-data.errors.js';
import type { QuoteStore } from '../quotes/quote-store.js';
import type { Quote } from '../quotes/quote.js';

/** The current quotes of instruments. A symbol that has one exists: only of the others PostgreSQL is asked. */
export class LatestQuotes {
  readonly #instruments: InstrumentCatalogue;
  readonly #quotes: QuoteStore;

  constructor(instruments: InstrumentCatalogue, quotes: QuoteStore) {
    this.#instruments = instruments;
    this.#quotes = quotes;
  }

  /** Throws an UnknownSymbolError, an AppError `no_quote`, or a DatastoreError. */
  async get(symbol: string): Promise<Quote> {
    const quote = (await this.many([symbol])).get(symbol);
    if (quote === undefined) throw new AppError(marketDataErrors.no_quote, `${symbol} has no quote yet.`);
    return quote;
  }

  /** Those of the instruments that have one. Throws an UnknownSymbolError, or a DatastoreError. */
  async many(symbols: readonly string[]): Promise<ReadonlyMap<string, Quote>> {
    const quotes = await this.#quotes.many(symbols.filter(isSymbol));
    await this.#instruments.requireKnown(symbols.filter((symbol) => !quotes.has(symbol)));
    return quotes;
  }
}
