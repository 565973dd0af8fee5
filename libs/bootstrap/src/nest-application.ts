import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, createFastifyAdapter } from '@app/http/nest';
import { NestLogger } from '@app/logging/nest';
import { closeNest } from './closing-failures.js';
import type { RequestHandler } from './front-door.js';
import { letProbesIn } from './let-probes-in.js';
import type { ServiceContext } from './service-context.js';

/** A Nest application that stands ready behind the front door. */
export interface ReadyApplication {
  readonly nest: NestFastifyApplication;
  readonly handler: RequestHandler;
  readonly close: () => Promise<void>;
}

/** Creates and initialises the application on the front door's server, without handing requests over to it yet. */
export async function createApplication(
  module: Type | DynamicModule,
  context: ServiceContext,
): Promise<ReadyApplication> {
  const { config, lifecycle, logging, server } = context;
  let handler: RequestHandler | undefined;
  const adapter = createFastifyAdapter(config, {
    serverFactory: (fastify) => {
      handler = fastify;
      return server;
    },
  });
  const logger = new NestLogger(logging.logger);
  const nest = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    abortOnError: false,
  });
  await letProbesIn();
  nest.setGlobalPrefix('api/v1');
  configureHttp(nest, { config, lifecycle, logger: logging.logger });
  await nest.init();
  await letProbesIn();
  await nest.getHttpAdapter().getInstance().ready();
  if (handler === undefined) throw new TypeError('Fastify has not asked for its server.');
  return { nest, handler, close: () => closeNest(nest, logger) };
}
