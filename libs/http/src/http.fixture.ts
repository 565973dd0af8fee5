import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '@app/config';
import { ConfigModule } from '@app/config/nest';
import type { Scope } from '@app/auth';
import { type AuthenticatedRequest, AuthModule, createTokenService, RequireScope } from '@app/auth/nest';
import { AppError, coreErrors, type DatastoreName } from '@app/errors';
import { Lifecycle } from '@app/lifecycle';
import { LifecycleModule } from '@app/lifecycle/nest';
import { type Logger, requestContext, silentLogger } from '@app/logging';
import {
  Body,
  Controller,
  Get,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { configureHttp } from './configure-http.js';
import { createFastifyAdapter } from './fastify-adapter.js';
import { Produces } from './produces.decorator.js';
import { RequiresDatastores, RequiresWritableDatastores } from './requires-datastores.decorator.js';

/** How long `POST /api/v1/slow` works. */
export const slowMs = 400;

const secretKey = 'a key for tests, 0123456789 abcdefghij';

@Controller('api/v1')
class ThingsController {
  @Get('things/:name')
  one(@Param('name') name: string): { name: string } {
    return { name };
  }

  @Post('things')
  @RequireScope('write')
  make(
    @Body() body: unknown,
    @Req() request: AuthenticatedRequest,
  ): { body: unknown; sub: string | undefined } {
    return { body, sub: request.claims?.sub };
  }

  @Get('address')
  address(@Req() request: FastifyRequest): { address: string } {
    return { address: request.ip };
  }

  @Post('echo')
  echo(@Body() body: unknown): { body: unknown; log: string | undefined } {
    return { body, log: requestContext.getStore()?.requestId };
  }

  @Post('slow')
  async slow(): Promise<void> {
    await sleep(slowMs);
  }

  @Get('events')
  @Produces('text/event-stream')
  events(@Res() reply: FastifyReply): void {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n');
  }

  @Get('broken-off')
  async brokenOff(@Res() reply: FastifyReply): Promise<void> {
    reply.raw.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 });
    await new Promise((written) => reply.raw.write('half', written));
    throw new Error('The rest cannot be had.');
  }

  @Get('hijacked')
  hijacked(@Res() reply: FastifyReply): never {
    reply.hijack();
    throw new Error('Nothing was sent yet.');
  }

  @Get('behind-middleware')
  behindMiddleware(): void {
    throw new Error('The middleware lets nobody pass.');
  }

  @Get('unexpected')
  unexpected(): never {
    throw new Error('SELECT * FROM passwords failed at 10.0.0.1');
  }

  @Get('reads')
  @RequiresDatastores('postgres', 'influxdb')
  reads(): string[] {
    return [];
  }

  @Post('writes')
  @RequiresWritableDatastores('redis')
  writes(): string[] {
    return [];
  }
}

@Controller('api/v1/health')
class HealthController {
  @Get('readiness')
  readiness(): { status: string } {
    return { status: 'error' };
  }
}

function refuse(): never {
  throw new AppError(coreErrors.overloaded, 'The middleware lets nobody pass.');
}

@Module({ controllers: [ThingsController, HealthController] })
class ThingsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(refuse).forRoutes('api/v1/behind-middleware');
  }
}

export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly lifecycle: Lifecycle;
}

export interface TestApiOptions {
  readonly app?: Partial<Config['app']>;
  readonly security?: Partial<Config['security']>;
  readonly logger?: Logger;
  /** Left in the phase `starting`. */
  readonly starting?: boolean;
}

/** An Authorization header whose token has this scope. */
export function bearer(scope: Scope): string {
  const tokens = createTokenService({ secretKey, secretKeyPrevious: undefined }, 'trading-backend');
  return `Bearer ${tokens.sign({ sub: 'tester', scopes: [scope], ttlMs: 60_000 })}`;
}

/** An application as the backend makes it, with a few routes. It does not listen; `app.close()` ends it. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const config = testConfig(options);
  const lifecycle = new Lifecycle(['postgres', 'redis', 'influxdb'] satisfies DatastoreName[]);
  const module = {
    module: ThingsModule,
    imports: [ConfigModule.forRoot(config), LifecycleModule.forRoot(lifecycle), AuthModule],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, createFastifyAdapter(config), {
    logger: false,
    abortOnError: false,
  });
  configureHttp(app, { config, lifecycle, logger: options.logger ?? silentLogger() });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  if (options.starting !== true) lifecycle.application.enter('serving', 'test');
  return { app, lifecycle };
}

function testConfig(options: TestApiOptions): Pick<Config, 'app' | 'security'> {
  return {
    app: {
      env: 'test',
      name: 'trading-backend',
      debug: false,
      host: '127.0.0.1',
      port: 0,
      managementHost: '127.0.0.1',
      managementPort: 0,
      bodyLimit: 1000,
      requestTimeoutMs: 5_000,
      keepAliveTimeoutMs: 72_000,
      ...options.app,
    },
    security: {
      secretKey,
      secretKeyPrevious: undefined,
      corsOrigins: [],
      rateLimit: 0,
      trustProxy: undefined,
      healthDetails: 'always',
      ...options.security,
    },
  };
}
