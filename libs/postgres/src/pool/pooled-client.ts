import { Client, type ClientConfig, type Connection } from 'pg';
import { endConnection } from '../end-connection.js';
import { ConnectTimeoutError, SilentConnectionError } from './connection-timeouts.js';
import { Deadline } from './deadline.js';
import type { StatementBounds } from './statement-clock.js';
import { StatementConnection } from './statement-connection.js';

/** A connection of the pool, as those who use it have it. */
export class PooledClient extends Client {
  /** Gives it back; with an error, or true, it is closed instead. Throws when it was given back already. */
  release: (error?: Error | boolean) => void = () => undefined;
  readonly #wire: StatementConnection;

  constructor(config: ClientConfig, bounds: StatementBounds) {
    const wire = new StatementConnection(config, bounds);
    const withWire: ClientConfig & { readonly connection: Connection } = { ...config, connection: wire };
    super(withWire);
    this.#wire = wire;
    // Without a listener an error would end the process.
    this.on('error', () => undefined);
  }

  /** Nothing runs on it, and nothing is on its way that could disturb the next statement. */
  get isQuiet(): boolean {
    return this.#wire.isQuiet;
  }

  /** The server has said that it ends the session. */
  get isDoomed(): boolean {
    return this.#wire.isDoomed;
  }

  /** A transaction was begun and not ended. */
  get isInTransaction(): boolean {
    return this.getTransactionStatus() !== 'I';
  }

  /** Resolves when it is quiet or has ended. */
  whenQuiet(): Promise<void> {
    return this.#wire.whenQuiet();
  }

  /** Rejects with the errors of pg, and with a ConnectTimeoutError. */
  async open(timeoutMs: number): Promise<void> {
    await this.#within(
      timeoutMs,
      () => new ConnectTimeoutError(timeoutMs),
      () => this.connect(),
    );
  }

  /** Whether the server still answers on it: rejects if not, or not in time. */
  async ping(timeoutMs: number): Promise<void> {
    await this.#within(
      timeoutMs,
      () => new SilentConnectionError(timeoutMs),
      () => this.query('SELECT 1'),
    );
  }

  /** Says goodbye, and ends it where the server does not. */
  close(): void {
    void endConnection(this);
  }

  /** Ends it at once. */
  destroy(error?: Error): void {
    this.connection.stream.destroy(error);
  }

  async #within(timeoutMs: number, late: () => Error, work: () => Promise<unknown>): Promise<void> {
    const deadline = new Deadline(timeoutMs, () => this.destroy(late()));
    try {
      await work();
    } finally {
      deadline.clear();
    }
  }
}
