import type { Scope } from '@app/auth';
import { AuthModule, TokenService } from '@app/auth/nest';
import { configCategories, loadConfig } from '@app/config';
import { ConfigModule } from '@app/config/nest';
import { configureHttp, createFastifyAdapter } from '@app/http/nest';
import { InfluxdbModule } from '@app/influxdb/nest';
import { Lifecycle } from '@app/lifecycle';
import { LifecycleModule } from '@app/lifecycle/nest';
import { silentLogger } from '@app/logging';
import { LoggingModule } from '@app/logging/nest';
import { PostgresClient } from '@app/postgres';
import { PostgresModule } from '@app/postgres/nest';
import { RedisModule } from '@app/redis/nest';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { domainModules, domainSchema } from '../domain.js';

export interface DatastoreUrls {
  readonly postgres: string;
  readonly redis: string;
  readonly influxdb: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly lifecycle: Lifecycle;
  /** Where it listens, with the prefix of all calls. */
  readonly url: string;
  bearer(scope: Scope): string;
  /** Sends a request, with a token of scope `write` unless told otherwise. */
  call(method: string, path: string, body?: unknown, authorization?: string): Promise<Answer>;
}

/** The calls of the domain as the backend serves them, over migrated datastores that health has found up. */
export async function startTestApi(urls: DatastoreUrls): Promise<TestApi> {
  const env = {
    NODE_ENV: 'test',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    SECRET_KEY: 'a key for tests, 0123456789 abcdefghij',
    DATABASE_URL: urls.postgres,
    REDIS_URL: urls.redis,
    INFLUXDB_URL: urls.influxdb,
  };
  const { config } = await loadConfig(configCategories, { env, directory: import.meta.dirname });
  const logger = silentLogger();
  const lifecycle = new Lifecycle(['postgres', 'redis', 'influxdb']);
  const module = {
    module: class TestModule {},
    imports: [
      ConfigModule.forRoot(config),
      LoggingModule.forRoot(logger),
      LifecycleModule.forRoot(lifecycle),
      AuthModule,
      PostgresModule.forRoot(domainSchema),
      RedisModule,
      InfluxdbModule,
      ...domainModules,
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, createFastifyAdapter(config), {
    logger: false,
    abortOnError: false,
  });
  configureHttp(app, { config, lifecycle, logger });
  app.setGlobalPrefix('api/v1');
  await app.listen(0, '127.0.0.1');
  const postgres = app.get(PostgresClient);
  await postgres.whenConnected(AbortSignal.timeout(10_000));
  await postgres.run((dataSource) => dataSource.runMigrations());
  lifecycle.datastores.record('postgres', { status: 'up', writable: true });
  lifecycle.datastores.record('influxdb', { status: 'up', writable: true });
  const facts = { appendonly: true, maxmemory_policy: 'noeviction' };
  lifecycle.datastores.record('redis', { status: 'up', writable: true, facts });
  lifecycle.application.enter('serving', 'test');
  const url = `${await app.getUrl()}/api/v1`;
  const tokens = app.get(TokenService);
  const bearer = (scope: Scope): string =>
    `Bearer ${tokens.sign({ sub: 'tester', scopes: [scope], ttlMs: 60_000 })}`;
  return {
    app,
    lifecycle,
    url,
    bearer,
    async call(method, path, body, authorization = bearer('write')) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization, ...json },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
  };
}
