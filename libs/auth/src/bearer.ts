import { type AppError } from '@app/errors';
import { ForbiddenError, UnauthenticatedError } from './auth.errors.js';

/**
 * Takes the token out of an Authorization header (RFC 6750, section 2.1).
 * Throws an UnauthenticatedError when there is none or it has another scheme.
 */
export function bearerToken(header: string | undefined): string {
  const token = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw new UnauthenticatedError('missing');
  return token;
}

/**
 * The WWW-Authenticate header of an answer with 401 or 403 (RFC 6750, section 3): a request without a token
 * gets no error code. Undefined for other errors.
 */
export function challengeFor(error: AppError, realm: string): string | undefined {
  const challenge = `Bearer realm="${realm.replaceAll(/["\\]/g, '')}"`;
  if (error instanceof ForbiddenError) {
    return `${challenge}, error="insufficient_scope", error_description="${error.detail}", scope="${error.scope}"`;
  }
  if (error instanceof UnauthenticatedError && error.reason !== 'missing') {
    return `${challenge}, error="invalid_token", error_description="${error.detail}"`;
  }
  return error.definition.kind === 'unauthenticated' ? challenge : undefined;
}
