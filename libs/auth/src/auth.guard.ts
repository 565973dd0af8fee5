import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Claims } from './claims.js';
import { requiredScope } from './required-scope.js';
import type { Scope } from './scope.js';
import { TokenService } from './token.service.js';

/** A request after the guard has let it pass. */
export interface AuthenticatedRequest {
  readonly headers: { readonly authorization?: string | undefined };
  claims?: Claims;
}

/** Checks the bearer token of a route that has `@RequireScope()`, and puts its claims on the request. */
@Injectable()
export class AuthGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #tokens: TokenService;

  constructor(reflector: Reflector, tokens: TokenService) {
    this.#reflector = reflector;
    this.#tokens = tokens;
  }

  /** Throws an UnauthenticatedError or a ForbiddenError. */
  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const scope = this.#reflector.getAllAndOverride<Scope | undefined>(requiredScope, targets);
    if (scope === undefined) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.claims = this.#tokens.authorize(request.headers.authorization, scope);
    return true;
  }
}
