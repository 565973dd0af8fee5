import { EventEmitter } from 'node:events';
import { callbackify } from 'node:util';
import { type Clock, systemClock } from '@app/lifecycle';
import type { ClientConfig, QueryResult, QueryResultRow } from 'pg';
import { type ConnectionCounts, ConnectionSupply } from './connection-supply.js';
import { ConnectTimeoutError } from './connection-timeouts.js';
import { PoolTimeoutError } from './pool.errors.js';
import type { PoolOptions } from './pool.options.js';
import type { PooledClient } from './pooled-client.js';
import { WaitingLine } from './waiting-line.js';

/** What a pool has done since it was made. */
export interface PoolCounts extends ConnectionCounts {
  /** Requests that got no connection in time. */
  readonly timedOut: number;
}

/** A server that has kept a connection from being opened or tried for this part of `timeoutMs` is to blame for the wait. */
const slowShare = 0.25;

type CheckedOut = (
  error: Error | undefined,
  client: PooledClient | undefined,
  release: PooledClient['release'],
) => void;

/**
 * A pool with SQLAlchemy's meaning on pg's connections, in the place of pg's own for TypeORM: `size` connections are
 * kept, and up to `maxOverflow` more are open while there are requests for them. A connection that is given back goes to
 * the request that has waited longest; of idle ones the one that was used last is given out first.
 *
 * Events: `connect`, `acquire`, `release` and `remove` as pg's pool has them, and `error` when a connection dies that
 * nobody uses.
 */
export class Pool extends EventEmitter {
  readonly #options: PoolOptions;
  readonly #line = new WaitingLine<PooledClient>();
  readonly #supply: ConnectionSupply;
  #timedOut = 0;
  #ended: Promise<void> | undefined;

  /** @param random Uniform in [0, 1), for the jitter of `recycleMs`. */
  constructor(
    config: ClientConfig,
    options: PoolOptions,
    clock: Clock = systemClock,
    random: () => number = Math.random,
  ) {
    super();
    this.#options = options;
    this.#supply = new ConnectionSupply({ config, options, clock, random, line: this.#line, events: this });
    // Without a listener the death of an idle connection would end the process.
    this.on('error', () => undefined);
  }

  /** Connections whose socket is open. */
  get totalCount(): number {
    return this.#supply.total;
  }

  get idleCount(): number {
    return this.#supply.idle;
  }

  get inUseCount(): number {
    return this.#supply.inUse;
  }

  get waitingCount(): number {
    return this.#line.length;
  }

  get counts(): PoolCounts {
    return { ...this.#supply.counts, timedOut: this.#timedOut };
  }

  get ending(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * A connection to oneself, until its `release()`. Rejects with a PoolTimeoutError when others use all of them for as
   * long as `timeoutMs`, and with a ConnectTimeoutError or pg's errors when none can be opened.
   */
  connect(): Promise<PooledClient>;
  connect(done: CheckedOut): void;
  connect(done?: CheckedOut): Promise<PooledClient> | void {
    const checkedOut = this.#checkOut();
    if (done === undefined) return checkedOut;
    callbackify(() => checkedOut)((error: Error | null, client: PooledClient | undefined) =>
      done(error ?? undefined, client, client?.release ?? (() => undefined)),
    );
  }

  /** Runs a statement on a connection of the pool. */
  async query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>> {
    const client = await this.connect();
    try {
      return await client.query<Row>(text, values);
    } finally {
      client.release();
    }
  }

  /** Closes all connections, and waits for those in use. Whoever waits for one gets an error. */
  end(): Promise<void>;
  end(done: (error?: Error) => void): void;
  end(done?: (error?: Error) => void): Promise<void> | void {
    const ended = (this.#ended ??= this.#end());
    if (done === undefined) return ended;
    callbackify(() => ended)((error: Error | null) => done(error ?? undefined));
  }

  /** Ends every connection at once, also those in use and those being opened. */
  destroySockets(): void {
    this.#supply.destroy();
  }

  #checkOut(): Promise<PooledClient> {
    if (this.ending) return Promise.reject(new Error('Cannot use a pool after calling end on the pool'));
    const { timeoutMs } = this.#options;
    return this.#line.join(
      () => this.#supply.serve(),
      timeoutMs,
      () => this.#lateError(timeoutMs),
    );
  }

  /** Either the server keeps those who wait without a connection, or others do, who use them all. */
  #lateError(timeoutMs: number): Error {
    this.#timedOut += 1;
    if (this.#supply.preparesForMs >= timeoutMs * slowShare) return new ConnectTimeoutError(timeoutMs);
    const { size: poolSize, maxOverflow } = this.#options;
    const { inUse } = this.#supply;
    return new PoolTimeoutError(timeoutMs, { poolSize, maxOverflow, inUse, waiting: this.#line.length });
  }

  async #end(): Promise<void> {
    while (this.#line.fail(new Error('Cannot use a pool after calling end on the pool')));
    await this.#supply.end();
  }
}
