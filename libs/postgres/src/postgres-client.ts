import { AppError, DatastoreError, type FailureReason } from '@app/errors';
import {
  type Datastore,
  type DatastoreStats,
  type PingResult,
  Subscribers,
  pause,
  backOffMs,
  type Unsubscribe,
} from '@app/lifecycle';
import { type DataSource, QueryFailedError, TypeORMError } from 'typeorm';
import { closeDataSource } from './application-data-source.js';
import { poolDriverOf, type PostgresOptions } from './data-source.js';
import { connectionFailureReason, postgresFailureReason } from './failure-reason.js';
import { PingConnection } from './ping-connection.js';
import type { PoolDriver } from './pool/pool-driver.js';
import type { PoolCounts } from './pool/pool.js';
import { StatementTimeoutError } from './pool/pool.errors.js';
import { StatementCancelledError } from './pool/statement-cancelled.error.js';

/** One attempt while starting, in milliseconds: a host that swallows packets must not hide that it has come back. */
const attemptTimeoutMs = 2_000;
const closeTimeoutMs = 5_000;

const noCounts: PoolCounts = { opened: 0, recycled: 0, discarded: 0, prePings: 0, timedOut: 0 };

/** PostgreSQL through a TypeORM data source. It may be absent when the process starts, and come and go later. */
export class PostgresClient implements Datastore {
  readonly name = 'postgres';
  readonly #dataSource: DataSource;
  readonly #driver: PoolDriver;
  readonly #options: PostgresOptions;
  readonly #random: () => number;
  readonly #ping: PingConnection;
  readonly #failures = new Subscribers<FailureReason>();
  readonly #closing = new AbortController();
  readonly #connected = Promise.withResolvers<void>();
  #pausing = new AbortController();
  #connecting: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #usable = false;
  #lastError: unknown;

  /** @param random Uniform in [0, 1), for the jitter of the attempts to connect. */
  constructor(dataSource: DataSource, options: PostgresOptions, random: () => number = Math.random) {
    this.#dataSource = dataSource;
    this.#driver = poolDriverOf(dataSource);
    this.#options = options;
    this.#random = random;
    this.#driver.onError = (error) => this.#report(error);
    // A login that takes longer than the pool waits for one is of no use to anybody.
    const { timeoutMs: connectionTimeoutMillis } = options.pool;
    this.#ping = new PingConnection({ ...options.connection, connectionTimeoutMillis }, (error) =>
      this.#report(error),
    );
  }

  /** Begins to connect in the background and does not give up before `close`; calling it again does nothing. */
  connect(): void {
    this.#connecting ??= this.#keepConnecting();
  }

  /**
   * Resolves once the data source can be used. Throws the last DatastoreError when the signal aborts or the client is
   * closed, and TypeORM's error for entities that it cannot use.
   */
  async whenConnected(signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = (): void => reject(this.#unavailable());
    ended.addEventListener('abort', stop, { once: true });
    try {
      if (ended.aborted) throw this.#unavailable();
      await Promise.race([this.#connected.promise, promise]);
    } finally {
      ended.removeEventListener('abort', stop);
    }
  }

  /**
   * Does work with the data source. A failure of the server or of the way to it becomes a DatastoreError and is told to
   * `onFailure`; while not connected it is thrown at once. A busy pool becomes a PoolTimeoutError, a statement that runs
   * too long a StatementTimeoutError, of which the server is not to blame. What a statement has earned, as a unique
   * violation, passes through unchanged. The work must not talk to other servers, whose failures would be taken for this
   * one's.
   */
  async run<Result>(work: (dataSource: DataSource) => Promise<Result>): Promise<Result> {
    if (!this.#usable) throw this.#unavailable();
    try {
      return await work(this.#dataSource);
    } catch (error) {
      const reason = error instanceof AppError ? undefined : connectionFailureReason(error);
      if (reason === undefined) throw statementTimeoutOf(error) ?? error;
      this.#report(error);
      throw new DatastoreError('postgres', reason, error);
    }
  }

  /** While it connects, it resolves only once work can be done too: a server that answers is not enough for that. */
  async ping(signal: AbortSignal): Promise<PingResult> {
    const result = await this.#ping.ping(signal);
    if (this.#connecting === undefined) return result;
    // The server answers: there is nothing left to pause for.
    this.#pausing.abort();
    await this.whenConnected(signal);
    return result;
  }

  /**
   * Connections of the pool: open (`total`), unused (`idle`), `inUse`, kept (`size`), at most (`max`), requests `waiting`
   * for one; and since the start, those `opened`, `recycled` for their age, `discarded` as dead or older than a dead one,
   * tried before their use (`prePings`), and requests that got none in time (`timedOut`).
   */
  stats(): DatastoreStats {
    const { pool } = this.#driver;
    const { size, maxOverflow } = this.#options.pool;
    return {
      total: pool?.totalCount ?? 0,
      idle: pool?.idleCount ?? 0,
      inUse: pool?.inUseCount ?? 0,
      waiting: pool?.waitingCount ?? 0,
      size,
      max: size + maxOverflow,
      ...(pool?.counts ?? noCounts),
    };
  }

  onFailure(listener: (reason: FailureReason) => void): Unsubscribe {
    return this.#failures.add(listener);
  }

  /** Ends all connections, those that do not end by themselves when the signal aborts; without one after 5 seconds. */
  close(signal: AbortSignal = AbortSignal.timeout(closeTimeoutMs)): Promise<void> {
    return (this.#closed ??= this.#close(signal));
  }

  async #keepConnecting(): Promise<void> {
    const closing = this.#closing.signal;
    for (let attempt = 0; !closing.aborted; attempt += 1) {
      try {
        await this.#ping.ping(AbortSignal.any([closing, AbortSignal.timeout(attemptTimeoutMs)]));
        await this.#initialize();
        return;
      } catch (error) {
        this.#lastError = error;
        // Entities or migrations that TypeORM refuses: no attempt will ever succeed.
        if (error instanceof TypeORMError && !(error instanceof QueryFailedError)) {
          this.#connected.promise.catch(() => undefined);
          this.#connected.reject(error);
          return;
        }
      }
      this.#pausing = new AbortController();
      await pause(backOffMs(attempt, this.#random()), closing, this.#pausing.signal);
    }
  }

  async #initialize(): Promise<void> {
    try {
      await this.#dataSource.initialize();
    } catch (error) {
      this.#driver.abandon();
      throw error;
    }
    this.#usable = !this.#closing.signal.aborted;
    this.#connected.resolve();
  }

  async #close(signal: AbortSignal): Promise<void> {
    this.#usable = false;
    this.#closing.abort();
    const destroy = (): void => this.#driver.pool?.destroySockets();
    signal.addEventListener('abort', destroy, { once: true });
    if (signal.aborted) destroy();
    await this.#connecting;
    await Promise.all([
      this.#ping.close(),
      this.#dataSource.isInitialized ? closeDataSource(this.#dataSource) : undefined,
    ]);
    signal.removeEventListener('abort', destroy);
  }

  #report(error: unknown): void {
    if (!this.#closing.signal.aborted) this.#failures.publish(postgresFailureReason(error));
  }

  #unavailable(): Error {
    const error = this.#lastError;
    if (error instanceof DatastoreError || error instanceof TypeORMError) return error;
    return new DatastoreError(
      'postgres',
      error === undefined ? 'pending' : postgresFailureReason(error),
      error,
    );
  }
}

function statementTimeoutOf(error: unknown): StatementTimeoutError | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return cause instanceof StatementCancelledError
    ? new StatementTimeoutError(cause.afterMs, error)
    : undefined;
}
