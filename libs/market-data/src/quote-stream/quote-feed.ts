import { DatastoreError } from '@app/errors';
import type { Logger } from '@app/logging';
import type { RedisClient, RedisLease } from '@app/redis';
import { parseQuoteMessage, quoteChannel } from '../quotes/quote-channel.js';
import type { QuoteStore } from '../quotes/quote-store.js';
import type { Quote } from '../quotes/quote.js';
import { inOrder } from './update-order.js';

export interface QuoteListener {
  offer(quote: Quote): void;
}

export interface QuoteFeedOptions {
  /** How often to subscribe again, which finds a connection that died unnoticed, in milliseconds; 15 s by default. */
  readonly checkEveryMs?: number;
}

/** How soon missed quotes are asked for again where Redis did not give them. In milliseconds. */
const retryAfterMs = 1_000;

/**
 * The quotes of the symbols that somebody listens to, over one connection of the process. After Redis was lost the
 * listeners get the current quote of each symbol, which they may have had already.
 */
export class QuoteFeed {
  readonly #redis: RedisClient;
  readonly #quotes: QuoteStore;
  readonly #logger: Logger;
  readonly #checkEveryMs: number;
  readonly #listeners = new Map<string, Set<QuoteListener>>();
  readonly #subscribed = new Set<string>();
  #connection: Promise<RedisLease> | undefined;
  #missed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    redis: RedisClient,
    quotes: QuoteStore,
    logger: Logger,
    { checkEveryMs = 15_000 }: QuoteFeedOptions = {},
  ) {
    this.#redis = redis;
    this.#quotes = quotes;
    this.#logger = logger;
    this.#checkEveryMs = checkEveryMs;
  }

  /**
   * Once it resolves, each quote that is published from then on reaches the listener, until it leaves; it has to leave
   * after an error too. Throws a DatastoreError, or a RedisConnectionsExhaustedError.
   */
  async listen(symbols: readonly string[], listener: QuoteListener): Promise<void> {
    for (const symbol of symbols) {
      const listeners = this.#listeners.get(symbol) ?? new Set();
      this.#listeners.set(symbol, listeners.add(listener));
    }
    await this.#subscribe(await this.#connected(), symbols);
  }

  leave(symbols: readonly string[], listener: QuoteListener): void {
    for (const symbol of symbols) {
      const listeners = this.#listeners.get(symbol);
      listeners?.delete(listener);
      if (listeners?.size === 0) this.#listeners.delete(symbol);
    }
  }

  /** Gives the connection back; whoever listens afterwards opens another one. */
  async close(): Promise<void> {
    const [connection] = await Promise.allSettled([this.#connection]);
    this.#connection = undefined;
    clearTimeout(this.#timer);
    if (connection.status === 'fulfilled') connection.value?.release();
  }

  async #connected(): Promise<RedisLease> {
    const connection = (this.#connection ??= this.#connect());
    try {
      return await connection;
    } catch (error) {
      if (this.#connection === connection) this.#connection = undefined;
      throw error;
    }
  }

  async #connect(): Promise<RedisLease> {
    const lease = await this.#redis.lease('quote streams');
    lease.redis.on('message', (_channel: string, message: string) => this.#take(message));
    lease.redis.on('ready', () => {
      this.#missed = true;
      this.#checkAfter(lease, 0);
    });
    this.#checkAfter(lease, this.#checkEveryMs);
    return lease;
  }

  async #subscribe(lease: RedisLease, symbols: readonly string[]): Promise<void> {
    for (const symbol of symbols) this.#subscribed.add(symbol);
    await lease.run((redis) => redis.subscribe(...symbols.map(quoteChannel)));
  }

  #take(message: string): void {
    const quote = this.#read(message);
    if (quote === undefined) return;
    // Where nobody listens, the next check ends the subscription.
    this.#subscribed.add(quote.symbol);
    this.#offer(quote);
  }

  #read(message: string): Quote | undefined {
    try {
      return parseQuoteMessage(message);
    } catch (err) {
      // While a release is rolled out, the publisher may be of another version.
      this.#logger.warn({ err }, 'A published quote cannot be read; the quote streams go without it.');
      return undefined;
    }
  }

  #offer(quote: Quote): void {
    for (const listener of this.#listeners.get(quote.symbol) ?? []) listener.offer(quote);
  }

  #checkAfter(lease: RedisLease, milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#connection === undefined) return;
    this.#timer = setTimeout(() => void this.#check(lease), milliseconds).unref();
  }

  /** Makes the subscriptions what they should be, and catches up on what was missed. */
  async #check(lease: RedisLease): Promise<void> {
    const missed = this.#missed;
    this.#missed = false;
    try {
      if (missed) await this.#bothReady(lease);
      const wanted = await this.#resubscribe(lease);
      if (missed) await this.#offerCurrent(wanted);
    } catch (err) {
      this.#missed ||= missed;
      const level = err instanceof DatastoreError ? 'debug' : 'error';
      this.#logger[level]({ err }, 'The subscriptions of the quote streams could not be checked.');
    }
    this.#checkAfter(lease, this.#missed ? retryAfterMs : this.#checkEveryMs);
  }

  /** Whoever comes meanwhile subscribes after these commands, since they are sent as soon as they are known. */
  async #resubscribe(lease: RedisLease): Promise<readonly string[]> {
    const wanted = [...this.#listeners.keys()];
    const left = [...this.#subscribed].filter((symbol) => !this.#listeners.has(symbol));
    for (const symbol of left) this.#subscribed.delete(symbol);
    await Promise.all([
      left.length > 0 && lease.run((redis) => redis.unsubscribe(...left.map(quoteChannel))),
      wanted.length > 0 && this.#subscribe(lease, wanted),
    ]);
    return wanted;
  }

  /** The connection tells that it is there before commands may be sent, and the one for reading comes by itself. */
  async #bothReady(lease: RedisLease): Promise<void> {
    const signal = AbortSignal.timeout(retryAfterMs);
    await Promise.all([lease.ready(signal), this.#redis.ready(signal)]);
  }

  async #offerCurrent(symbols: readonly string[]): Promise<void> {
    const current = await this.#quotes.many(symbols);
    for (const quote of inOrder(current.values())) this.#offer(quote);
  }
}
