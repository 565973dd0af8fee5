import { DatastoreError, type FailureReason } from '@app/errors';
import {
  type Datastore,
  type DatastoreStats,
  type PingResult,
  Subscribers,
  until,
  type Unsubscribe,
} from '@app/lifecycle';
import { ApiV1 } from './api-v1.js';
import { ApiV2 } from './api-v2.js';
import { withDeadline } from './deadline.js';
import { detectApi } from './detect-api.js';
import type { InfluxDialect } from './dialect.js';
import { InfluxQueryError, InfluxWriteError } from './errors.js';
import { influxFailureReason, statementFailureReason } from './failure-reason.js';
import { InfluxHttp } from './http.js';
import type { InfluxApi, InfluxClientOptions } from './options.js';
import { Remembered } from './remembered.js';
import type { InfluxResult } from './result.js';
import { runQuery } from './run-query.js';
import { writeLines } from './write-lines.js';

/** Deadline of a write, of a query without one of its own, and of what precedes them, in milliseconds. */
const callTimeoutMs = 10_000;

/** Bound of the connections for ordinary work; a check has one more to itself. */
const maxConnections = 16;

const closeTimeoutMs = 1_000;

/**
 * InfluxDB over API v1 or v2. Which one it is, and whether the database is there, is asked before the first
 * call and again after each failure, so that the server may come, go and change. Every call has a deadline, and
 * ends when its signal aborts.
 */
export class InfluxClient implements Datastore {
  readonly name = 'influxdb';
  readonly #options: InfluxClientOptions;
  readonly #http: InfluxHttp;
  readonly #checkHttp: InfluxHttp;
  readonly #closing = new AbortController();
  readonly #failures = new Subscribers<FailureReason>();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #counts = { writes: 0, queries: 0, linesWritten: 0, failures: 0 };
  readonly #dialect = new Remembered(() => this.#bounded((signal) => this.#findDialect(signal)));
  readonly #ensured = new Remembered(() =>
    this.#bounded(async (signal) => {
      const there = await (await this.#dialect.get()).ensureDatabase(this.#http, signal);
      this.#missing = !there;
      return there;
    }),
  );
  /** The database was not there and could not be created when it was last wanted. */
  #missing = false;

  constructor(options: InfluxClientOptions) {
    this.#options = options;
    this.#http = new InfluxHttp(options, maxConnections);
    this.#checkHttp = new InfluxHttp(options, 1);
  }

  /** The API in use: the configured one, or what the server says of itself. Throws a DatastoreError. */
  async api(signal?: AbortSignal): Promise<InfluxApi> {
    return this.#call(callTimeoutMs, signal, async (ended) => {
      const dialect = await until(this.#dialect.get(), ended);
      return dialect.api;
    });
  }

  /**
   * Stores lines of line protocol with times in nanoseconds; resolves only after the server has confirmed all of
   * them, within ten seconds. Makes sure of the database first. Throws an InfluxWriteError when the server refuses
   * lines, and a DatastoreError when it is not there; in that case some, none or all may have been stored.
   */
  async write(lines: readonly string[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (lines.length === 0) return;
    this.#counts.writes++;
    await this.#call(callTimeoutMs, options.signal, async (ended) => {
      const dialect = await this.#ready(ended);
      await writeLines(this.#options.url, this.#http.transport(ended), dialect, lines);
    });
    this.#counts.linesWritten += lines.length;
  }

  /**
   * Runs InfluxQL; several statements are separated by `;`. One result per statement, in order; every cell is
   * text, times are nanoseconds since 1970. Throws an InfluxQueryError for a statement that the server refuses, and
   * a DatastoreError when the server does not work or takes longer than `timeoutMs` (ten seconds).
   */
  async query(
    influxql: string,
    options: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
  ): Promise<readonly InfluxResult[]> {
    this.#counts.queries++;
    return this.#call(options.timeoutMs ?? callTimeoutMs, options.signal, async (ended) => {
      const { headers } = await this.#ready(ended);
      const { database } = this.#options;
      return runQuery(this.#http, { database, influxql, headers }, ended);
    });
  }

  /** Creates the database or bucket where that is possible; whether it is there. Throws a DatastoreError. */
  async ensureDatabase(signal?: AbortSignal): Promise<boolean> {
    return this.#call(callTimeoutMs, signal, async (ended) => {
      this.#ensured.forget();
      return until(this.#ensured.get(), ended);
    });
  }

  /** Asks for the databases or buckets, which takes the credentials, on a connection of its own. */
  async ping(signal: AbortSignal): Promise<PingResult> {
    try {
      return await withDeadline(callTimeoutMs, [signal, this.#closing.signal], async (ended) => {
        const dialect = await until(this.#dialect.get(), ended);
        const { version, databaseThere } = await dialect.check(this.#checkHttp, ended);
        if (databaseThere === false && this.#missing)
          throw new DatastoreError('influxdb', 'missing_database');
        return {
          ...(version === undefined ? {} : { version }),
          facts: { api: dialect.api, ...(databaseThere === undefined ? {} : { databaseThere }) },
        };
      });
    } catch (error) {
      const failure = asDatastoreError(error);
      this.#forget(failure);
      throw failure;
    }
  }

  stats(): DatastoreStats {
    return { inFlight: this.#calls.size, ...this.#counts };
  }

  onFailure(listener: (reason: FailureReason) => void): Unsubscribe {
    return this.#failures.add(listener);
  }

  /** Waits for calls in flight until the signal aborts, at most a second, then ends them and all connections. */
  async close(signal?: AbortSignal): Promise<void> {
    await withDeadline(closeTimeoutMs, [signal], async (ended) => {
      const late = new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }));
      await Promise.race([Promise.allSettled(this.#calls), late]);
    });
    this.#closing.abort(new Error('The client was closed.'));
    this.#http.close();
    this.#checkHttp.close();
  }

  async #findDialect(signal: AbortSignal): Promise<InfluxDialect> {
    const { api } = this.#options;
    const found = api === 'auto' ? await detectApi(this.#http, this.#options, signal) : api;
    return found === 'v1' ? new ApiV1(this.#options) : new ApiV2(this.#options);
  }

  async #ready(signal: AbortSignal): Promise<InfluxDialect> {
    const dialect = await until(this.#dialect.get(), signal);
    await until(this.#ensured.get(), signal);
    return dialect;
  }

  /** What several callers wait for together ends with none of them, and so has a deadline of its own. */
  #bounded<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return withDeadline(callTimeoutMs, [this.#closing.signal], work);
  }

  /**
   * A failure may mean another server; mere silence does not. To ask again after a timeout would double the time that
   * the next check of a slow server takes, so that it would be down for as long as it is slow.
   */
  #forget({ reason }: DatastoreError): void {
    if (reason === 'timeout') return;
    this.#dialect.forget();
    this.#ensured.forget();
  }

  /** Real work: counted, bounded, and its failures classified and told to whom it concerns. */
  async #call<Result>(
    timeoutMs: number,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const call = withDeadline(timeoutMs, [signal, this.#closing.signal], work);
    this.#calls.add(call);
    try {
      return await call;
    } catch (error) {
      this.#counts.failures++;
      if (isMistake(error)) throw error;
      const failure = asDatastoreError(error);
      this.#forget(failure);
      if (signal?.aborted !== true && !this.#closing.signal.aborted) this.#failures.publish(failure.reason);
      throw failure;
    } finally {
      this.#calls.delete(call);
    }
  }
}

const asDatastoreError = (error: unknown): DatastoreError =>
  error instanceof DatastoreError ? error : new DatastoreError('influxdb', influxFailureReason(error), error);

/** The server works and refuses what it was given. */
function isMistake(error: unknown): boolean {
  if (error instanceof InfluxWriteError) return true;
  return error instanceof InfluxQueryError && statementFailureReason(error.serverMessage) === undefined;
}
