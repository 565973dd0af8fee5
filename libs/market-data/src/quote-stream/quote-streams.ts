import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { AppError, coreErrors } from '@app/errors';
import type { LatestQuotes } from './latest-quotes.js';
import { QuoteEventStream } from './quote-event-stream.js';
import type { QuoteFeed } from './quote-feed.js';
import { inOrder, isUpdateId } from './update-order.js';

/** Below the idle timeouts of common proxies, which begin at 30 s. In milliseconds. */
const heartbeatMs = 15_000;

export interface QuoteStreamsOptions {
  /** Streams that may be open at once; 1,000 where it is missing. */
  readonly maxStreams?: number;
}

/** The streams of new quotes that clients of this process have open. */
export class QuoteStreams {
  readonly #quotes: LatestQuotes;
  readonly #feed: QuoteFeed;
  readonly #maxStreams: number;
  readonly #streams = new Set<QuoteEventStream>();
  #ended = false;

  constructor(quotes: LatestQuotes, feed: QuoteFeed, { maxStreams = 1_000 }: QuoteStreamsOptions = {}) {
    this.#quotes = quotes;
    this.#feed = feed;
    this.#maxStreams = maxStreams;
  }

  /**
   * Server-sent events, one for each quote from now on. With the id of the last event that the client had, the
   * current quotes that are newer come first; with an id that is none, all of them.
   * Throws an UnknownSymbolError, a DatastoreError, or an AppError `overloaded` or `not_serving`.
   */
  async open(symbols: readonly string[], lastEventId?: string): Promise<Readable> {
    this.#requireRoom();
    const current = await this.#quotes.many(symbols);
    const seen = new Map<string, string>();
    for (const symbol of symbols) {
      const updateId = lastEventId ?? current.get(symbol)?.updateId;
      if (updateId !== undefined && isUpdateId(updateId)) seen.set(symbol, updateId);
    }
    this.#requireRoom();
    const stream = new QuoteEventStream(seen, heartbeatMs);
    this.#streams.add(stream);
    stream.once('close', () => {
      this.#streams.delete(stream);
      this.#feed.leave(symbols, stream);
    });
    try {
      await this.#feed.listen(symbols, stream);
      // Again, for what was published before the subscription stood.
      const published = await this.#quotes.many(symbols);
      for (const quote of inOrder(published.values())) stream.offer(quote);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return stream;
  }

  /** Ends all streams, within a second or so, and lets no more begin: the clients come back to another process. */
  async end(): Promise<void> {
    this.#ended = true;
    const streams = [...this.#streams];
    for (const stream of streams) stream.finish();
    await Promise.all(streams.map((stream) => once(stream, 'close')));
    await this.#feed.close();
  }

  #requireRoom(): void {
    if (this.#ended) throw new AppError(coreErrors.not_serving, 'No stream begins here any more.');
    if (this.#streams.size < this.#maxStreams) return;
    throw new AppError(coreErrors.overloaded, `All ${String(this.#maxStreams)} quote streams are in use.`);
  }
}
