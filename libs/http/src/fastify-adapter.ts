import type { Config, SecurityConfig } from '@app/config';
import { runWithRequestId } from '@app/logging';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  fastify,
  type FastifyInstance,
  type FastifyServerFactory,
  type FastifyServerOptions,
  type RawServerDefault,
} from 'fastify';
import { answerClientError } from './client-error.js';
import { asAppError } from './error-translation.js';
import { readJsonOnly } from './json-body.js';
import { problemAnswer, writeAnswer } from './problem.js';
import { requestIdFrom, requestIdHeader } from './request-id.js';
import { RouteTable } from './route-table.js';
import { securityHeaders } from './security-headers.js';
import { serverLimits } from './server-limits.js';

export interface FastifyAdapterOptions {
  /** Makes the HTTP server; it then has to hold the limits of `serverLimits()` itself. */
  readonly serverFactory?: FastifyServerFactory;
}

/** Longer than any path that fits into Node's limit for headers: a long parameter gets the answer of its route. */
const maxParamLength = 16_384;

const securityHeaderList = Object.entries(securityHeaders);

/** Nest's adapter that knows its routes, and has no parser for forms. */
export class ApiAdapter extends FastifyAdapter {
  constructor(
    instance: FastifyInstance,
    readonly routes: RouteTable,
  ) {
    super(instance);
  }

  override registerParserMiddleware(): void {
    // JSON is the only body that is read, see readJsonOnly().
  }
}

/**
 * The Fastify server under Nest. It gives each request its id, which is in every log line written for it and in the
 * answer; sets the security headers; reads JSON bodies up to BODY_LIMIT and no others; and answers with a problem
 * also what is hardly a request. Paths are compared with their case, and with or without a slash at the end.
 */
export function createFastifyAdapter(
  config: Pick<Config, 'app' | 'security'>,
  options: FastifyAdapterOptions = {},
): ApiAdapter {
  const limits = serverLimits(config.app);
  const instance: FastifyInstance = fastify<RawServerDefault>({
    bodyLimit: config.app.bodyLimit,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    http: limits,
    trustProxy: trusted(config.security.trustProxy),
    genReqId: (request) => requestIdFrom(request.headers[requestIdHeader]),
    // The front of the service decides what is still taken while it drains.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      reply.hijack();
      writeAnswer(reply.raw, problemAnswer(asAppError(error), { requestId: request.id }));
    },
    ...options,
  });
  const routes = new RouteTable();
  instance.addHook('onRoute', ({ url, method }) => routes.add(url, [method].flat()));
  instance.addHook('onRequest', (request, reply, next) => {
    // Set on Node's response, so that a route that writes to it directly sends them as well.
    for (const [name, value] of securityHeaderList) reply.raw.setHeader(name, value);
    reply.raw.setHeader(requestIdHeader, request.id);
    runWithRequestId(request.id, next);
  });
  readJsonOnly(instance, config.app.bodyLimit);
  return new ApiAdapter(instance, routes);
}

function trusted(trustProxy: SecurityConfig['trustProxy']): NonNullable<FastifyServerOptions['trustProxy']> {
  if (trustProxy === undefined) return false;
  return typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : [...trustProxy];
}
