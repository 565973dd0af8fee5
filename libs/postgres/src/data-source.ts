import type { DatastoresConfig, PerformanceConfig } from '@app/config';
import type { ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import { connectionOptions } from './connection.options.js';
import { PoolDriver } from './pool/pool-driver.js';
import { type PoolOptions, poolOptions } from './pool/pool.options.js';

export type EntityClass = (new () => object) | EntitySchema;

/** Its class name, or `name`, ends with the time in milliseconds since 1970, as TypeORM wants it. */
export type MigrationClass = new () => MigrationInterface;

/** What a domain hands over: lists of classes, never globs. */
export interface Schema {
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly MigrationClass[];
}

/** What a pool needs of the configuration. */
export interface PostgresConfig {
  readonly datastores: Pick<DatastoresConfig, 'databaseUrl' | 'ca'>;
  readonly performance: Pick<PerformanceConfig, 'pool'>;
}

export interface PostgresOptions {
  readonly connection: ClientConfig;
  readonly pool: PoolOptions;
}

/**
 * The options of a process that works with the database.
 *
 * @param applicationName What `pg_stat_activity` shows of the process.
 * @param worker The number of the worker, which is shown with it.
 */
export function postgresOptions(
  config: PostgresConfig,
  applicationName: string,
  worker?: number,
): PostgresOptions {
  return {
    connection: connectionOptions(config.datastores, applicationName, worker),
    pool: poolOptions(config.performance.pool),
  };
}

/** TypeORM's options: the schema is never synchronized, it changes by migrations alone. */
export function dataSourceOptions(options: PostgresOptions, schema: Schema): DataSourceOptions {
  return {
    type: 'postgres',
    driver: new PoolDriver(options.pool),
    extra: { ...options.connection },
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    synchronize: false,
    migrationsRun: false,
    migrationsTransactionMode: 'each',
    logging: false,
    // Extensions are for migrations to make; gen_random_uuid() is built in since PostgreSQL 13.
    installExtensions: false,
    uuidExtension: 'pgcrypto',
  };
}

/** A TypeORM data source that is not connected yet. */
export function createDataSource(options: PostgresOptions, schema: Schema): DataSource {
  return new DataSource(dataSourceOptions(options, schema));
}

/** What keeps the data source's pool. Throws a TypeError for a data source made otherwise. */
export function poolDriverOf({ options }: DataSource): PoolDriver {
  const driver: unknown = options.type === 'postgres' ? options.driver : undefined;
  if (driver instanceof PoolDriver) return driver;
  throw new TypeError('The data source was not made with dataSourceOptions().');
}
