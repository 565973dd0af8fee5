import { connectionOptions, createDataSource, poolOptions, PostgresClient } from '@app/postgres';
import { marketDataEntities, marketDataMigrations } from './market-data-tables.js';

/** A client of a server whose database has the tables of this domain afterwards; `close()` ends it. */
export async function migratedPostgres(databaseUrl: string): Promise<PostgresClient> {
  const options = {
    connection: connectionOptions({ databaseUrl, ca: undefined }, 'market-data-test'),
    pool: poolOptions({
      size: 2,
      maxOverflow: 8,
      recycleMs: undefined,
      prePing: true,
      prePingIdleMs: 1_000,
      timeoutMs: 2_000,
      statementTimeoutMs: 2_000,
    }),
  };
  const schema = { entities: marketDataEntities, migrations: marketDataMigrations };
  const postgres = new PostgresClient(createDataSource(options, schema), options);
  postgres.connect();
  await postgres.whenConnected(AbortSignal.timeout(10_000));
  await postgres.run((dataSource) => dataSource.runMigrations());
  return postgres;
}
