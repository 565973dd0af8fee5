export { connectionOptions } from './connection.options.js';
export {
  createDataSource,
  dataSourceOptions,
  postgresOptions,
  type EntityClass,
  type MigrationClass,
  type PostgresConfig,
  type PostgresOptions,
  type Schema,
} from './data-source.js';
export { connectionFailureReason, postgresFailureReason } from './failure-reason.js';
export { runMigrations, type MigrationOptions, type MigrationReport } from './migration-runner.js';
export { appliedMigrations, knownMigrations } from './migrations.js';
export { PoolTimeoutError, StatementTimeoutError, poolErrors } from './pool/pool.errors.js';
export { jobPoolOptions, poolOptions, type PoolOptions } from './pool/pool.options.js';
export { PostgresClient } from './postgres-client.js';
export { MigrationError, MigrationLockLostError, postgresErrors } from './postgres.errors.js';
