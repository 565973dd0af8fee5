import { type Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { Lifecycle } from '@app/lifecycle';
import { type DynamicModule, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { dataSourceOptions, postgresOptions, type Schema } from './data-source.js';
import { PostgresClient } from './postgres-client.js';

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

  static forRoot(schema: Schema): DynamicModule {
    return {
      module: PostgresModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [CONFIG],
          useFactory: (config: PostgresConfig) => ({
            ...dataSourceOptions(postgresOptions(config, config.app.name), schema),
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
            new PostgresClient(dataSource, postgresOptions(config, config.app.name)),
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

  /** For an application that is closed without the steps of the shutdown, as in tests. */
  async onApplicationShutdown(): Promise<void> {
    await this.#client.close();
  }
}
