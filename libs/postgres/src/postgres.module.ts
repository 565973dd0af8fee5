import { type Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { Lifecycle } from '@app/lifecycle';
import { type DynamicModule, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ApplicationDataSource } from './application-data-source.js';
import { dataSourceOptions, postgresOptions, type Schema } from './data-source.js';
import { PostgresClient } from './postgres-client.js';

/** Nest's types leave open what it always gives. */
function required(options: DataSourceOptions | undefined): DataSourceOptions {
  if (options === undefined) throw new TypeError('The TypeORM module gave no options.');
  return options;
}

type PostgresConfig = Pick<Config, 'app' | 'datastores' | 'performance'>;

/**
 * PostgreSQL for the whole application: `PostgresClient`, and TypeORM's `DataSource` and repositories (with
 * `TypeOrmModule.forFeature`, whose entities need not be listed here). The module begins to connect and does not wait.
 */
@Module({})
export class PostgresModule implements OnModuleInit, OnApplicationShutdown {
  readonly #client: PostgresClient;
  readonly #lifecycle: Lifecycle;

  constructor(client: PostgresClient, lifecycle: Lifecycle) {
    this.#client = client;
    this.#lifecycle = lifecycle;
  }

  /** @param worker The number of this worker, by which the server's `pg_stat_activity` tells it from the others. */
  static forRoot(schema: Schema, worker?: number): DynamicModule {
    return {
      module: PostgresModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          dataSourceFactory: async (options) => new ApplicationDataSource(required(options)),
          inject: [CONFIG],
          useFactory: (config: PostgresConfig) => ({
            ...dataSourceOptions(postgresOptions(config, config.app.name, worker), schema),
            autoLoadEntities: true,
            manualInitialization: true,
          }),
        }),
      ],
      providers: [
        {
          provide: PostgresClient,
          inject: [DataSource, CONFIG],
          useFactory: (dataSource: DataSource, config: PostgresConfig) =>
            new PostgresClient(dataSource, postgresOptions(config, config.app.name, worker)),
        },
      ],
      exports: [PostgresClient],
    };
  }

  onModuleInit(): void {
    this.#lifecycle.shutdown.register({
      stage: 'close',
      name: 'postgres',
      run: (signal) => this.#client.close(signal),
    });
    this.#client.connect();
  }

  /** For an application that is closed without the steps of the shutdown, as in tests: those close it after all hooks. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#lifecycle.application.phase !== 'draining') await this.#client.close();
  }
}
