import { Client, type ClientConfig } from 'pg';
import { pause } from '@app/lifecycle';
import { endConnection } from './end-connection.js';
import { MigrationLockLostError } from './postgres.errors.js';

/** Advisory locks belong to a database, so that the number is the same everywhere: the first bytes of sha256('migrations'). */
const lockKey = '-3058229681751119483';
const pollMs = 250;

/**
 * Keeps two processes from migrating one database at the same time. It is the lock of a transaction that stays open on
 * a connection of its own, so that it also holds behind PgBouncer in transaction mode, and ends with the process.
 */
export class MigrationLock {
  readonly #client: Client;
  #lost: { readonly error: unknown } | undefined;

  private constructor(options: ClientConfig) {
    this.#client = new Client(options);
    this.#client.on('error', (error: Error) => (this.#lost ??= { error }));
  }

  /**
   * Waits for the lock until the signal aborts and then throws the signal's reason.
   *
   * @param waiting Called once when another process holds the lock.
   */
  static async acquire(
    options: ClientConfig,
    signal: AbortSignal,
    waiting: () => void,
  ): Promise<MigrationLock> {
    const lock = new MigrationLock(options);
    const destroy = (): unknown => lock.#client.connection.stream.destroy();
    signal.addEventListener('abort', destroy, { once: true });
    try {
      signal.throwIfAborted();
      await lock.#acquire(waiting, signal);
      return lock;
    } catch (error) {
      destroy();
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', destroy);
    }
  }

  /** Throws a MigrationLockLostError when the connection has ended. */
  assertHeld(): void {
    if (this.#lost !== undefined) throw new MigrationLockLostError(this.#lost.error);
  }

  /** Ends what the server is doing for the backend with this process id; its statement fails. */
  async cancel(backend: number): Promise<void> {
    await this.#client.query('SELECT pg_cancel_backend($1)', [backend]);
  }

  async release(): Promise<void> {
    await endConnection(this.#client);
  }

  async #acquire(waiting: () => void, signal: AbortSignal): Promise<void> {
    await this.#client.connect();
    for (let attempt = 0; !(await this.#tryLock()); attempt += 1) {
      if (attempt === 0) waiting();
      await pause(pollMs, signal);
      signal.throwIfAborted();
    }
  }

  /**
   * Each attempt is a transaction of its own. CREATE INDEX CONCURRENTLY waits for the end of every transaction that has a
   * snapshot when it looks: one that stayed open until it has the lock would be waited for by the migration that has it.
   */
  async #tryLock(): Promise<boolean> {
    await this.#client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    await this.#client.query(withoutTimeouts, ['0']);
    const { rows } = await this.#client.query<{ locked: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${lockKey}) AS locked`,
    );
    const locked = rows[0]?.locked === true;
    if (!locked) await this.#client.query('ROLLBACK');
    return locked;
  }
}

/**
 * Lets this transaction, and this one only, take as long as it takes; the parameter bounds how long it waits for a lock.
 * transaction_timeout exists since PostgreSQL 17.
 */
export const withoutTimeouts = `
  SELECT pg_backend_pid() AS backend, set_config('lock_timeout', $1, true), (
    SELECT count(set_config(name, '0', true)) FROM pg_settings
    WHERE name IN ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout'))`;
