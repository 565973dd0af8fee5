import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { AuthGuard } from './auth.guard.js';
import { requiredScope } from './required-scope.js';
import type { Scope } from './scope.js';

/**
 * Lets a route, or each route of a controller, be called only with a bearer token of this scope or a greater one.
 * The answer is 401 without a valid token and 403 without the scope.
 */
export function RequireScope(scope: Scope): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(requiredScope, scope), UseGuards(AuthGuard));
}
