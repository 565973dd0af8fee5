import type { Config } from '@app/config';
import type { Lifecycle } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import { Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { AcceptGuard } from './accept.guard.js';
import { logWhenDone } from './access-log.js';
import { BodyAdmission, releaseAfterWork } from './body-admission.js';
import { ApiAdapter } from './fastify-adapter.js';
import { notServingYet } from './not-serving.js';
import { overloadedAnswers } from './overloaded.js';
import { ProblemFilter } from './problem.filter.js';

export interface HttpOptions {
  readonly config: Pick<Config, 'app' | 'security'>;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

/** Paths below this one are answered in every phase, and do not fill the access log. */
const healthPath = '/api/v1/health';

/** What a page of an origin in CORS_ORIGINS may send and read. Its tokens come in a header, never as cookies. */
const corsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: ['X-Request-Id', 'Retry-After', 'WWW-Authenticate', 'RateLimit', 'RateLimit-Policy'],
  /** How long a browser may keep the answer to a preflight, in seconds. */
  maxAge: 600,
  strictPreflight: false,
};

/**
 * Puts on an application what all its routes share: problems for errors, the check of the Accept header, the gate
 * before serving, the gate under overload, CORS for CORS_ORIGINS, and the access log. Call it after `NestFactory.create()` with an adapter of
 * `createFastifyAdapter()`, before `app.init()`.
 */
export function configureHttp(app: NestFastifyApplication, { config, lifecycle, logger }: HttpOptions): void {
  const adapter = app.getHttpAdapter();
  if (!(adapter instanceof ApiAdapter))
    throw new TypeError('The application needs an adapter of createFastifyAdapter().');
  const origins = config.security.corsOrigins;
  if (origins.length > 0) {
    app.enableCors({ ...corsOptions, origin: [...origins] });
  }
  app.useGlobalFilters(new ProblemFilter(adapter.routes, config.app.name, logger));
  app.useGlobalGuards(new AcceptGuard(app.get(Reflector)));

  const instance = adapter.getInstance();
  const overloaded = overloadedAnswers();
  const admission = new BodyAdmission(lifecycle.overload, config.app.bodyLimit);
  releaseAfterWork(instance);
  instance.addHook('onRequest', (request, reply, next) => {
    const health = isHealth(request);
    const starting = lifecycle.application.phase === 'starting';
    if (!health && !starting && !admission.admits(request, reply)) {
      // No line of the log for each: they are counted, and the log says when refusing begins and ends. Node reads what
      // comes of the body and drops it, so that the client gets its answer on a whole connection.
      const { headers, body } = overloaded(request.id, pathOf(request));
      void reply.code(503).headers(headers).send(body);
      return;
    }
    logWhenDone(request, reply, logger, health);
    next(starting && !health ? notServingYet() : undefined);
  });
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '/';

function isHealth({ routeOptions }: FastifyRequest): boolean {
  const url = routeOptions.url ?? '';
  return url === healthPath || url.startsWith(`${healthPath}/`);
}
