import { AppError, DatastoreError } from '@app/errors';
import type { ClientConfig } from 'pg';
import { type DataSource, type Migration, MigrationExecutor } from 'typeorm';
import { createDataSource, type MigrationClass, poolDriverOf } from './data-source.js';
import { connectionFailureReason } from './failure-reason.js';
import { MigrationLock, withoutTimeouts } from './migration-lock.js';
import { appliedMigrations } from './migrations.js';
import { jobPoolOptions } from './pool/pool.options.js';
import { MigrationError } from './postgres.errors.js';

/** How long a statement waits for a table that others use, before it gives up rather than hold up all who come after. */
const lockTimeout = '10s';
const cancelGraceMs = 2_000;

export interface MigrationOptions {
  /** Ends the run: the statement in progress is cancelled and its transaction rolled back. */
  readonly signal: AbortSignal;
  readonly log: { info(data: object, message: string): void };
}

export interface MigrationReport {
  /** The names of all migrations that the database has now, in its order. */
  readonly applied: readonly string[];
  /** The names of those that this run has added. */
  readonly executed: readonly string[];
}

/**
 * Brings the database up to these migrations, each in a transaction with its row in the table `migrations`, which is
 * TypeORM's own. Runs in any number of processes at once: one migrates, the others wait and find the work done. In a
 * migration a lock is waited for 10 seconds and a statement takes as long as it takes; one that sets
 * `transaction = false` runs with the timeouts of its role.
 *
 * Throws a MigrationError, a MigrationLockLostError, a DatastoreError, or the signal's reason.
 */
export async function runMigrations(
  connection: ClientConfig,
  migrations: readonly MigrationClass[],
  { signal, log }: MigrationOptions,
): Promise<MigrationReport> {
  const waiting = (): void => log.info({}, 'Another process migrates the database; waiting for it to end.');
  const lockConnection = { ...connection, connectionTimeoutMillis: jobPoolOptions.timeoutMs };
  const lock = await MigrationLock.acquire(lockConnection, signal, waiting).catch(asDatastoreError);
  const dataSource = createDataSource({ connection, pool: jobPoolOptions }, { entities: [], migrations });
  const session = new MigrationSession(dataSource, lock, signal);
  try {
    await dataSource.initialize();
    const executed: string[] = [];
    for (const migration of await new MigrationExecutor(dataSource).getPendingMigrations()) {
      const startedAt = performance.now();
      await session.execute(migration);
      const durationMs = Math.round(performance.now() - startedAt);
      log.info({ migration: migration.name, durationMs }, 'A migration is done.');
      executed.push(migration.name);
    }
    return { applied: await appliedMigrations(dataSource), executed };
  } catch (error) {
    signal.throwIfAborted();
    return asDatastoreError(error);
  } finally {
    // Whatever transaction is open ends here with its connection, before the lock does.
    if (dataSource.isInitialized) await dataSource.destroy();
    else poolDriverOf(dataSource).abandon();
    session.end();
    await lock.release();
  }
}

/** Executes migrations one by one, and interrupts the one in progress when the signal aborts. */
class MigrationSession {
  readonly #dataSource: DataSource;
  readonly #lock: MigrationLock;
  readonly #signal: AbortSignal;
  /** The server's process that executes a migration. */
  #backend: number | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(dataSource: DataSource, lock: MigrationLock, signal: AbortSignal) {
    this.#dataSource = dataSource;
    this.#lock = lock;
    this.#signal = signal;
    signal.addEventListener('abort', this.#interrupt, { once: true });
  }

  async execute(migration: Migration): Promise<void> {
    this.#signal.throwIfAborted();
    this.#lock.assertHeld();
    const runner = this.#dataSource.createQueryRunner();
    const executor = new MigrationExecutor(this.#dataSource, runner);
    try {
      if (migration.instance?.transaction === false) {
        await executor.executeMigration(migration);
        return;
      }
      await runner.startTransaction();
      const rows: readonly { backend: number }[] = await this.#dataSource.query(
        withoutTimeouts,
        [lockTimeout],
        runner,
      );
      this.#backend = rows[0]?.backend;
      await executor.executeMigration(migration);
      this.#lock.assertHeld();
      await runner.commitTransaction();
    } catch (error) {
      if (error instanceof AppError || connectionFailureReason(error) !== undefined) throw error;
      throw new MigrationError(migration.name, error);
    } finally {
      this.#backend = undefined;
      await runner.release();
    }
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#interrupt);
    clearTimeout(this.#grace);
  }

  readonly #interrupt = (): void => {
    const destroy = (): void => poolDriverOf(this.#dataSource).pool?.destroySockets();
    this.#grace = setTimeout(destroy, cancelGraceMs);
    if (this.#backend !== undefined) this.#lock.cancel(this.#backend).catch(destroy);
  };
}

function asDatastoreError(error: unknown): never {
  const reason = error instanceof AppError ? undefined : connectionFailureReason(error);
  throw reason === undefined ? error : new DatastoreError('postgres', reason, error);
}
