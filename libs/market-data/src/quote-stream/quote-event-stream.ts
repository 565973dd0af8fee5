import { Readable } from 'node:stream';
import type { Quote } from '../quotes/quote.js';
import { heartbeat, quoteEvent, retryField } from './quote-event.js';
import { isNewer } from './update-order.js';

const reconnectAfterMs = 2_000;

/** Text that may wait for the socket, in bytes; beyond it quotes are conflated. */
const bufferBytes = 16_384;

/** How long a client may take to read the rest of a stream that has ended, in milliseconds. */
const farewellMs = 1_000;

/**
 * The events of one client. While it does not read, only the newest quote of each symbol waits for it, so that it
 * takes no more memory however slow it is.
 */
export class QuoteEventStream extends Readable {
  readonly #seen: Map<string, string>;
  readonly #waiting = new Map<string, Quote>();
  #timer: NodeJS.Timeout;
  #hasRoom = false;

  /** `seen`: by symbol, the update of which and before which the client needs no quote. */
  constructor(seen: ReadonlyMap<string, string>, heartbeatMs: number) {
    super({ highWaterMark: bufferBytes });
    this.#seen = new Map(seen);
    this.#timer = setInterval(() => this.#write(heartbeat), heartbeatMs);
    // With the first text the headers go out too, which tell the client that its stream is open.
    this.push(retryField(reconnectAfterMs));
  }

  /** Takes a quote that may be new. */
  offer(quote: Quote): void {
    if (!isNewer(quote.updateId, this.#seen.get(quote.symbol))) return;
    this.#seen.set(quote.symbol, quote.updateId);
    this.#waiting.set(quote.symbol, quote);
    this.#flush();
  }

  /** Ends the stream after what it has room for; a client that does not read the rest soon is cut off. */
  finish(): void {
    if (this.destroyed) return;
    clearInterval(this.#timer);
    this.#timer = setTimeout(() => this.destroy(), farewellMs);
    this.#hasRoom = false;
    this.push(null);
  }

  override _read(): void {
    this.#hasRoom = true;
    this.#flush();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearInterval(this.#timer);
    this.#hasRoom = false;
    callback(error);
  }

  #flush(): void {
    while (this.#hasRoom) {
      const quote = oldestOf(this.#waiting.values());
      if (quote === undefined) return;
      this.#waiting.delete(quote.symbol);
      this.#write(quoteEvent(quote));
    }
  }

  #write(text: string): void {
    if (this.#hasRoom) this.#hasRoom = this.push(text);
  }
}

/** In the order of updates, so that nothing before a client's Last-Event-ID was left out. */
function oldestOf(quotes: Iterable<Quote>): Quote | undefined {
  let oldest: Quote | undefined;
  for (const quote of quotes) {
    if (oldest === undefined || isNewer(oldest.updateId, quote.updateId)) oldest = quote;
  }
  return oldest;
}
