import { AppError, coreErrors } from '@app/errors';
import type { Logger } from '@app/logging';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asAppError } from './error-translation.js';
import { MethodNotAllowedError } from './http.errors.js';
import { problemAnswer, writeAnswer } from './problem.js';
import type { RouteTable } from './route-table.js';

/** Answers every failed request with a problem, and logs what nobody expected. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #routes: RouteTable;
  readonly #realm: string;
  readonly #logger: Logger;

  constructor(routes: RouteTable, realm: string, logger: Logger) {
    this.#routes = routes;
    this.#realm = realm;
    this.#logger = logger;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // What a middleware throws comes here before Fastify knows the request, and then once more with its reply.
    if (!('raw' in reply)) throw exception;
    const instance = request.url.split('?', 1)[0] ?? '/';
    // Whatever else is wrong with a request for a path that does not exist, that comes first.
    const unrouted = request.is404 && exception instanceof HttpException;
    const error = unrouted ? this.#unrouted(request.method, instance) : asAppError(exception);
    this.#log(error);
    const answer = problemAnswer(error, { requestId: request.id, instance }, this.#realm);
    // An answer that has begun cannot become a problem; cutting it tells the client that it is not whole.
    if (reply.raw.headersSent) reply.raw.destroy();
    else if (reply.sent) writeAnswer(reply.raw, answer);
    // As bytes, or Fastify would add a charset, which JSON does not have.
    else void reply.code(answer.status).headers(answer.headers).send(Buffer.from(answer.body));
  }

  #unrouted(method: string, path: string): AppError {
    const allow = this.#routes.methodsOf(path);
    return allow.length === 0 || allow.includes(method)
      ? new AppError(coreErrors.not_found, 'No call has this path.')
      : new MethodNotAllowedError(method, allow);
  }

  #log(err: AppError): void {
    if (err.definition.kind === 'internal') this.#logger.error({ err }, 'A request failed unexpectedly.');
    else if (err.definition.kind === 'unavailable')
      this.#logger.debug({ err }, 'A request could not be served.');
  }
}
