import { AppError, coreErrors } from '@app/errors';
import type { Scope } from './scope.js';

const refusals = {
  missing: 'The request has no bearer token.',
  malformed: 'The token is not a JSON Web Token that is signed with HS256.',
  signature: 'The token was not signed with a key that is valid here.',
  expired: 'The token has expired.',
  not_yet_valid: 'The token is not valid yet.',
  issuer: 'The token was made by another issuer.',
  audience: 'The token was made for another audience.',
  lifetime: 'The token has no lifetime or a longer one than is allowed.',
  subject: 'The token does not say who its bearer is.',
} as const;

/** Why a token was refused, as shown in the answer. */
export type TokenRefusal = keyof typeof refusals;

/** There is no token, or not a valid one. Neither its content nor a key is in the message. */
export class UnauthenticatedError extends AppError {
  readonly reason: TokenRefusal;

  constructor(reason: TokenRefusal) {
    super(coreErrors.unauthenticated, refusals[reason], { data: { reason } });
    this.reason = reason;
  }
}

/** The token is valid, but does not allow what was asked. */
export class ForbiddenError extends AppError {
  readonly scope: Scope;

  constructor(scope: Scope) {
    super(coreErrors.forbidden, `This needs a token of scope ${scope}.`, { data: { scope } });
    this.scope = scope;
  }
}
