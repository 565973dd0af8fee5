import { DatastoreError } from '@app/errors';
import { InfluxClient, influxClientOptions } from '@app/influxdb';
import type { Logger } from '@app/logging';
import {
  appliedMigrations,
  connectionOptions,
  createDataSource,
  jobPoolOptions,
  PostgresClient,
  type PostgresOptions,
  runMigrations,
} from '@app/postgres';
import { waitForDatabase } from './database-wait.js';
import { domainMigrations, type Seed } from './domain.js';
import type { InitConfig } from './init-config.js';
import { readSeedFile } from './seed-file.js';

const influxTimeoutMs = 5_000;
const silenceMs = 10_000;
const closeMs = 1_000;

/** What db-init does, step by step. */
export class InitJob {
  readonly #config: InitConfig;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  readonly #options: PostgresOptions;
  readonly #postgres: PostgresClient;

  /** @param signal Ends the job. */
  constructor(config: InitConfig, logger: Logger, signal: AbortSignal) {
    this.#config = config;
    this.#logger = logger;
    this.#signal = signal;
    this.#options = {
      connection: connectionOptions(config.datastores, 'db-init'),
      pool: { ...jobPoolOptions, silenceMs },
    };
    const dataSource = createDataSource(this.#options, { entities: [], migrations: [] });
    this.#postgres = new PostgresClient(dataSource, this.#options);
    signal.addEventListener('abort', () => void this.close(), { once: true });
  }

  /**
   * Prepares the datastores and returns the names of all migrations that the database then has. Throws an AppError, or
   * the signal's reason.
   */
  async run(): Promise<readonly string[]> {
    const { initSeedFile, startupTimeoutMs } = this.#config.lifetime;
    // A mistake in the file is told before anybody waits or anything is changed.
    const seed = initSeedFile === undefined ? undefined : await readSeedFile(initSeedFile);
    await waitForDatabase(this.#postgres, startupTimeoutMs, this.#logger, this.#signal);
    const { applied, executed } = await runMigrations(this.#options.connection, domainMigrations, {
      signal: this.#signal,
      log: this.#logger,
    });
    this.#logger.info({ executed, applied: applied.length }, 'The database has all migrations.');
    if (seed !== undefined) await this.#seed(seed);
    await this.#ensureInfluxDatabase();
    this.#signal.throwIfAborted();
    return applied;
  }

  /** The names of the migrations that the database has, as far as it can be asked. */
  async migrations(): Promise<readonly string[]> {
    try {
      return await this.#postgres.run(appliedMigrations);
    } catch (error) {
      if (error instanceof DatastoreError) return [];
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#postgres.close(AbortSignal.timeout(closeMs));
  }

  async #seed(seed: Seed): Promise<void> {
    try {
      const created = await this.#postgres.run(seed);
      this.#logger.info({ created }, 'What INIT_SEED_FILE names exists.');
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error;
    }
  }

  /** InfluxDB may come later: the backend makes sure of the database, too, before it writes. */
  async #ensureInfluxDatabase(): Promise<void> {
    const { influxdb } = this.#config.datastores;
    const client = new InfluxClient(influxClientOptions(this.#config.datastores));
    try {
      const there = await client.ensureDatabase(
        AbortSignal.any([this.#signal, AbortSignal.timeout(influxTimeoutMs)]),
      );
      if (there) this.#logger.info({ database: influxdb.database }, 'The InfluxDB database exists.');
      else
        this.#logger.warn(
          { database: influxdb.database },
          'The InfluxDB database is missing and cannot be created here.',
        );
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#logger.warn({ err: error }, 'InfluxDB is left to the backend, for it does not work now.');
    } finally {
      await client.close();
    }
  }
}
