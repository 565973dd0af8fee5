import { DatastoreError, type FailureReason } from '@app/errors';
import {
  type Datastore,
  type DatastoreStats,
  type PingResult,
  Subscribers,
  type Unsubscribe,
} from '@app/lifecycle';
import type { ChainableCommander, Redis } from 'ioredis';
import { RedisConnectionsExhaustedError } from './errors.js';
import { connectionOptions, type RedisClientOptions } from './options.js';
import { checkRedis } from './redis-check.js';
import type { RedisCommands, RedisLease, RedisLeaseOptions } from './redis-commands.js';
import { RedisConnection } from './redis-connection.js';

/** The shared connection and the one of the check. */
const reserved = 2;

const closeTimeoutMs = 1_000;

/** Redis over one multiplexed connection for ordinary commands and a bounded set of dedicated ones. */
export class RedisClient implements Datastore, RedisCommands {
  readonly name = 'redis';
  readonly #options: RedisClientOptions;
  readonly #shared: RedisConnection;
  readonly #leases = new Map<RedisConnection, string>();
  readonly #failures = new Subscribers<FailureReason>();
  #checks = 0;
  #pastReconnects = 0;
  #closed = false;

  constructor(options: RedisClientOptions) {
    this.#options = options;
    this.#shared = this.#connection('commands', options.connectTimeoutMs);
  }

  /** Begins to connect, and never gives up: it pauses longer and longer, at most for a second. */
  connect(): void {
    this.#shared.connect();
  }

  async ready(signal?: AbortSignal): Promise<void> {
    await this.#shared.ready(signal);
  }

  async run<Result>(work: (redis: Redis) => Promise<Result>): Promise<Result> {
    return this.#shared.run(work);
  }

  async pipeline(fill: (pipeline: ChainableCommander) => void): Promise<readonly unknown[]> {
    return this.#shared.pipeline(fill);
  }

  /**
   * Opens a dedicated connection and resolves once the server answers on it. Throws a
   * RedisConnectionsExhaustedError, or a DatastoreError when the server is not there.
   */
  async lease(purpose: string, options: RedisLeaseOptions = {}): Promise<RedisLease> {
    const { maxConnections, connectTimeoutMs } = this.#options;
    if (this.#closed) throw new DatastoreError('redis', 'refused');
    if (this.#leases.size >= maxConnections - reserved)
      throw new RedisConnectionsExhaustedError(purpose, maxConnections, [...this.#leases.values()]);
    const connection = this.#connection(purpose, options.replyTimeoutMs ?? connectTimeoutMs);
    this.#leases.set(connection, purpose);
    try {
      await connection.firstReady();
    } catch (error) {
      await this.#release(connection);
      throw error;
    }
    return {
      purpose,
      redis: connection.redis,
      run: (work) => connection.run(work),
      pipeline: (fill) => connection.pipeline(fill),
      ready: (signal) => connection.ready(signal),
      release: () => void this.#release(connection),
    };
  }

  /**
   * Asks on a connection of its own for role, memory policy and whether writes are taken. Once the client has begun to
   * connect it resolves only when commands can be sent too. One call at a time.
   */
  async ping(signal: AbortSignal): Promise<PingResult> {
    this.#checks++;
    try {
      const server = connectionOptions(this.#options);
      const result = await checkRedis({ server, mayLookCloser: !this.#shared.usable }, signal);
      if (this.#shared.begun) await this.#shared.ready(signal);
      return result;
    } finally {
      this.#checks--;
    }
  }

  stats(): DatastoreStats {
    const connections = [this.#shared, ...this.#leases.keys()];
    const sum = (count: (connection: RedisConnection) => number): number =>
      connections.reduce((total, connection) => total + count(connection), 0);
    return {
      connectionsOpen: sum(({ open }) => (open ? 1 : 0)) + this.#checks,
      connectionsMax: this.#options.maxConnections,
      leased: this.#leases.size,
      inFlight: sum(({ inFlight }) => inFlight),
      reconnects: this.#pastReconnects + sum(({ reconnects }) => reconnects),
    };
  }

  onFailure(listener: (reason: FailureReason) => void): Unsubscribe {
    return this.#failures.add(listener);
  }

  /** Ends all connections; ordinary commands in flight may finish until the signal aborts, at most for a second. */
  async close(signal?: AbortSignal): Promise<void> {
    this.#closed = true;
    const timeout = new AbortController();
    const late = (): void => timeout.abort();
    const timer = setTimeout(late, closeTimeoutMs);
    signal?.addEventListener('abort', late, { once: true });
    if (signal?.aborted === true) late();
    await Promise.all([
      this.#shared.close(timeout.signal),
      ...[...this.#leases.keys()].map((connection) => this.#release(connection)),
    ]);
    clearTimeout(timer);
    signal?.removeEventListener('abort', late);
  }

  /** Its place is free again when its socket is closed, and not before. */
  async #release(connection: RedisConnection): Promise<void> {
    await connection.close();
    if (this.#leases.delete(connection)) this.#pastReconnects += connection.reconnects;
  }

  #connection(purpose: string, replyTimeoutMs: number): RedisConnection {
    const { name = 'trading-backend', connectTimeoutMs } = this.#options;
    return new RedisConnection({
      server: connectionOptions(this.#options),
      connectTimeoutMs,
      replyTimeoutMs,
      // CLIENT SETNAME takes printable characters without spaces.
      name: `${name}:${purpose}`.replaceAll(/[^!-~]/g, '-'),
      onFailure: (reason) => this.#failures.publish(reason),
    });
  }
}
