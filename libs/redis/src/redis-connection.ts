import { setTimeout as sleep } from 'node:timers/promises';
import { DatastoreError, type FailureReason } from '@app/errors';
import type { ChainableCommander, Redis, RedisOptions } from 'ioredis';
import { backOffMs } from '@app/lifecycle';
import {
  answersAllTheSame,
  isNoConnection,
  isReplyTimeout,
  replyTimeout,
  outageReason,
  redisFailureReason,
  withoutArguments,
} from './failure-reason.js';
import type { RedisCommands } from './redis-commands.js';
import { SubscribingRedis } from './subscribing-redis.js';

export interface RedisConnectionOptions {
  readonly server: RedisOptions;
  /** Bound for connecting and for the first answer, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Bound for the answer to a command, in milliseconds. */
  readonly replyTimeoutMs: number;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  /** Told when the connection is lost or a command fails for the server's sake. */
  readonly onFailure: (reason: FailureReason) => void;
}

/** How long a socket may take to say goodbye before it is destroyed, in milliseconds. */
const disconnectTimeoutMs = 100;

/**
 * One connection, which is opened again whenever it is lost. It is usable from the server's first answer to the
 * moment it is lost or an answer is overdue; in between commands fail at once. Nothing is kept to be sent later
 * and nothing is sent twice: a command in flight when the connection is lost fails, though the server may have
 * executed it, so whoever sends it again needs commands that can be repeated.
 */
export class RedisConnection implements RedisCommands {
  readonly redis: SubscribingRedis;
  readonly #options: RedisConnectionOptions;
  #usable = false;
  #closed = false;
  /** Why it is not usable; for a loss without an error, what such a loss means. */
  #reason: FailureReason = 'pending';
  #cause: unknown;
  /** The first error of the present socket, as one of the login or of the choice of the database. */
  #flaw: unknown;
  #attempt = Promise.withResolvers<boolean>();
  #failures = 0;
  #times = 0;
  #inFlight = 0;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.redis = new SubscribingRedis({
      ...options.server,
      commandTimeout: options.replyTimeoutMs,
      disconnectTimeout: disconnectTimeoutMs,
      // Ends commands in flight as soon as their connection is lost, instead of keeping them for the next.
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      retryStrategy: () => (this.#closed ? null : backOffMs(this.#failures++, Math.random())),
    });
    this.redis.on('connecting', () => (this.#flaw = undefined));
    this.redis.on('error', (error) => this.#note(error));
    this.redis.on('ready', () => void this.#greet());
    this.redis.on('close', () => this.#lost());
    this.redis.on('end', () => this.#lost());
  }

  /** Whether a socket is open. */
  get open(): boolean {
    return ['connect', 'ready'].includes(this.redis.status);
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** Whether it was told to connect, however that went. */
  get begun(): boolean {
    return this.redis.status !== 'wait';
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** How often it came back after it was lost. */
  get reconnects(): number {
    return Math.max(0, this.#times - 1);
  }

  /** Begins to connect, unless it has begun. */
  connect(): void {
    // How it went comes by events.
    if (this.redis.status === 'wait' && !this.#closed) void Promise.allSettled([this.redis.connect()]);
  }

  /** Resolves once usable; throws a DatastoreError as soon as one attempt to connect has failed. */
  async firstReady(): Promise<void> {
    this.connect();
    if (!this.#usable && !(await this.#attempt.promise)) throw this.#error();
  }

  async ready(signal?: AbortSignal): Promise<void> {
    this.connect();
    const ended = Promise.withResolvers<void>();
    const end = (): void => ended.resolve();
    signal?.addEventListener('abort', end, { once: true });
    try {
      while (!this.#usable) {
        if (this.#closed || signal?.aborted === true) throw this.#error();
        await Promise.race([this.#attempt.promise, ended.promise]);
      }
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }

  async run<Result>(work: (redis: Redis) => Promise<Result>): Promise<Result> {
    if (!this.#usable) {
      this.connect();
      throw this.#error();
    }
    this.#inFlight++;
    try {
      return await work(this.redis);
    } catch (error) {
      throw this.#failure(error);
    } finally {
      this.#inFlight--;
    }
  }

  async pipeline(fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]> {
    return this.run(async (redis) => {
      const pipeline = redis.pipeline();
      fill(pipeline);
      const answers = (await pipeline.exec()) ?? [];
      const failure = answers.find(([error]) => error !== null)?.[0];
      if (failure) throw failure;
      return answers.map(([, answer]) => answer);
    });
  }

  /** Ends it: commands in flight may finish until the signal aborts, without one they end at once. */
  async close(signal?: AbortSignal): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { redis } = this;
    const gone = new Promise((resolve) => redis.once('end', resolve));
    if (this.#usable && signal !== undefined && !signal.aborted) {
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await Promise.race([Promise.allSettled([redis.quit()]), aborted]);
    }
    // While it waits to reconnect there is no socket, and ioredis says nothing more.
    const waits = redis.status === 'reconnecting';
    redis.disconnect();
    if (!waits) await Promise.race([gone, sleep(2 * disconnectTimeoutMs, undefined, { ref: false })]);
    this.#lost();
  }

  #note(error: unknown): void {
    // What follows a first error is its consequence.
    if (this.#flaw !== undefined) return;
    this.#flaw = withoutArguments(error);
    this.#reason = redisFailureReason(error);
    this.#cause = error;
  }

  /** The first question: only its answer shows that the server takes commands from this user on this database. */
  async #greet(): Promise<void> {
    const { connectTimeoutMs } = this.#options;
    const patience = setTimeout(() => this.#distrust(new Error(replyTimeout)), connectTimeoutMs);
    const { redis } = this;
    try {
      await Promise.all([redis.channels.size > 0 && redis.subscribe(...redis.channels), redis.ping()]);
    } catch (error) {
      if (!answersAllTheSame(error) && !isNoConnection(error)) this.#note(error);
    } finally {
      clearTimeout(patience);
    }
    if (this.#flaw !== undefined) return redis.disconnect(true);
    if (redis.status !== 'ready' || this.#closed) return;
    this.#usable = true;
    this.#failures = 0;
    this.#times++;
    this.#reason = 'refused';
    this.#cause = undefined;
    this.#attempt.resolve(true);
    // For operators; a user who may not set it goes without.
    void Promise.allSettled([redis.client('SETNAME', this.#options.name)]);
  }

  /** Opens it anew. */
  #distrust(error: unknown): void {
    this.#note(error);
    this.redis.disconnect(true);
  }

  #lost(): void {
    const wasUsable = this.#usable;
    this.#usable = false;
    if (this.#reason === 'pending') this.#reason = 'refused';
    this.#attempt.resolve(false);
    this.#attempt = Promise.withResolvers();
    if (wasUsable && !this.#closed) this.#options.onFailure(this.#reason);
  }

  #error(cause: unknown = this.#cause): DatastoreError {
    return new DatastoreError('redis', this.#closed ? 'refused' : this.#reason, cause);
  }

  #failure(error: unknown): unknown {
    const reason = outageReason(error);
    withoutArguments(error);
    if (reason === undefined) return error;
    if (isNoConnection(error)) return this.#error(this.#cause ?? error);
    // Whatever else waits on this connection waits in vain, and later answers would come to nobody.
    if (isReplyTimeout(error) && this.#usable) this.#distrust(error);
    this.#options.onFailure(reason);
    return new DatastoreError('redis', reason, error);
  }
}
