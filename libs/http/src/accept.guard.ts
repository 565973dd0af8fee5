import { AppError, coreErrors } from '@app/errors';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { accepts } from './accept.js';
import { problemMediaType } from './problem.js';
import { producedMediaTypes } from './produces.decorator.js';

const byDefault = ['application/json', problemMediaType];

/** Refuses a request whose Accept header excludes all that the route can answer with. */
@Injectable()
export class AcceptGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    this.#reflector = reflector;
  }

  /** Throws an AppError with the code `not_acceptable`. */
  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const produced = this.#reflector.getAllAndOverride<readonly string[] | undefined>(
      producedMediaTypes,
      targets,
    );
    const { accept } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (accepts(accept, produced ?? byDefault)) return true;
    const [mainType] = produced ?? byDefault;
    throw new AppError(
      coreErrors.not_acceptable,
      `This answers with ${String(mainType)}, which the Accept header excludes.`,
      { advice: `Accept ${String(mainType)}.` },
    );
  }
}
