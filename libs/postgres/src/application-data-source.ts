import { DataSource } from 'typeorm';

/**
 * The data source of the application. Nest's TypeORM module destroys its data source among the hooks of all modules;
 * this one stays open for them, and is closed by its client.
 */
export class ApplicationDataSource extends DataSource {
  /** Does nothing: see `PostgresClient.close`. */
  override destroy(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return super.destroy();
  }
}

/** Closes a data source of either kind. */
export function closeDataSource(dataSource: DataSource): Promise<void> {
  return dataSource instanceof ApplicationDataSource ? dataSource.close() : dataSource.destroy();
}
