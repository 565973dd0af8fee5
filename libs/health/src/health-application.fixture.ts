import { AuthModule } from '@app/auth/nest';
import { type Config, configCategories, loadConfig } from '@app/config';
import { ConfigModule } from '@app/config/nest';
import { InfluxClient } from '@app/influxdb';
import { Lifecycle } from '@app/lifecycle';
import { LifecycleModule } from '@app/lifecycle/nest';
import { silentLogger } from '@app/logging';
import { LoggingModule } from '@app/logging/nest';
import { PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HealthAnswers } from './health-answers.js';
import { HealthModule } from './health.module.js';
import { ScriptedDatastore } from './scripted-datastore.fixture.js';

const variables = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://trader:database-password@127.0.0.1:1/trading',
  REDIS_URL: 'redis://127.0.0.1:1',
  INFLUXDB_URL: 'http://127.0.0.1:1',
  SECRET_KEY: 'a key for tests, 0123456789 abcdefghij',
  HEALTH_CHECK_INTERVAL: '200ms',
  HEALTH_CHECK_TIMEOUT: '100ms',
  HEALTH_CHECK_RETRIES: '2',
};

export interface HealthApplicationOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Answers from before Nest. */
  readonly answers?: (lifecycle: Lifecycle) => HealthAnswers;
  /** Modules of the test's own. */
  readonly modules?: readonly Type[];
  readonly adapter?: (config: Config) => FastifyAdapter;
  /** Called between creating and initialising. */
  readonly configure?: (app: NestFastifyApplication, config: Config, lifecycle: Lifecycle) => void;
}

@Module({})
class ScriptedDatastoresModule {
  static forRoot(...[postgres, redis, influxdb]: readonly ScriptedDatastore[]): DynamicModule {
    return {
      module: ScriptedDatastoresModule,
      global: true,
      providers: [
        { provide: PostgresClient, useValue: postgres },
        { provide: RedisClient, useValue: redis },
        { provide: InfluxClient, useValue: influxdb },
      ],
      exports: [PostgresClient, RedisClient, InfluxClient],
    };
  }
}

/** A serving application of HealthModule over scripted datastores, which are all up. For `await using`. */
export async function healthApplication(options: HealthApplicationOptions = {}) {
  const { config } = await loadConfig(configCategories, {
    env: { ...variables, ...options.env },
    directory: import.meta.dirname,
  });
  const lifecycle = new Lifecycle(['postgres', 'redis', 'influxdb']);
  const postgres = new ScriptedDatastore('postgres');
  const redis = new ScriptedDatastore('redis');
  const influxdb = new ScriptedDatastore('influxdb');
  const module = {
    module: class {},
    imports: [
      ConfigModule.forRoot(config),
      LifecycleModule.forRoot(lifecycle),
      LoggingModule.forRoot(silentLogger()),
      AuthModule,
      ScriptedDatastoresModule.forRoot(postgres, redis, influxdb),
      HealthModule.forRoot({ version: '1.2.3', commit: 'abc', answers: options.answers?.(lifecycle) }),
      ...(options.modules ?? []),
    ],
  };
  const adapter = options.adapter?.(config) ?? new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
  options.configure?.(app, config, lifecycle);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  lifecycle.application.enter('serving', 'test');
  await allUp(lifecycle);
  return {
    app,
    lifecycle,
    postgres,
    redis,
    influxdb,
    ask: (
      path: string,
      request: { method?: 'GET' | 'HEAD' | 'POST'; headers?: Record<string, string> } = {},
    ) => app.inject({ method: 'GET', ...request, url: `/api/v1/health${path}` }),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

async function allUp({ datastores }: Lifecycle): Promise<void> {
  const isUp = (): boolean => datastores.names.every((name) => datastores.get(name).status === 'up');
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = datastores.onUpdate(() => {
    if (isUp()) resolve();
  });
  if (!isUp()) await promise;
  unsubscribe();
}
