import { Produces, RequiresDatastores } from '@app/http/nest';
import { LatestQuotes, type QuoteBody, quoteBody, QuoteStreams } from '@app/market-data';
import { Controller, Get, Header, Headers, Param, Query, StreamableFile, UsePipes } from '@nestjs/common';
import { requestValidation } from './request-validation.js';
import { type SymbolsQuery, symbolsQuery } from './quotes.requests.js';

/** The latest trades. */
@Controller('quotes')
@RequiresDatastores('redis')
@UsePipes(requestValidation)
export class QuotesController {
  readonly #latest: LatestQuotes;
  readonly #streams: QuoteStreams;

  constructor(latest: LatestQuotes, streams: QuoteStreams) {
    this.#latest = latest;
    this.#streams = streams;
  }

  /** In the order of the symbols; an instrument without a trade is left out. */
  @Get()
  async many(
    @Query({ schema: symbolsQuery }) { symbols }: SymbolsQuery,
  ): Promise<{ readonly quotes: readonly QuoteBody[] }> {
    const found = await this.#latest.many(symbols);
    const quotes = symbols.map((symbol) => found.get(symbol)).filter((quote) => quote !== undefined);
    return { quotes: quotes.map(quoteBody) };
  }

  /** nginx would hold back events without the header that it names so. */
  @Get('stream')
  @Produces('text/event-stream')
  @Header('Cache-Control', 'no-store')
  @Header('X-Accel-Buffering', 'no')
  async stream(
    @Query({ schema: symbolsQuery }) { symbols }: SymbolsQuery,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<StreamableFile> {
    const events = await this.#streams.open(symbols, lastEventId);
    return new StreamableFile(events, { type: 'text/event-stream; charset=utf-8' });
  }

  @Get(':symbol')
  async get(@Param('symbol') symbol: string): Promise<QuoteBody> {
    return quoteBody(await this.#latest.get(symbol));
  }
}
