import { type TokenRefusal, UnauthenticatedError } from './auth.errors.js';
import { type Claims, clockSkewMs, maxTokenTtlMs } from './claims.js';
import { parseScopes } from './scope.js';

/** Who makes tokens and whom they are for (`iss` and `aud` of RFC 7519). */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: string;
}

/** A payload whose signature is right; nothing else is known of it. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * The claims of a payload whose signature is right.
 * Throws an UnauthenticatedError with the first thing that is wrong with them.
 */
export function checkedClaims(payload: Payload, parties: TokenParties, nowMs: number): Claims {
  const { sub, scope } = payload;
  const issuedAt = milliseconds(payload.iat);
  const expiresAt = milliseconds(payload.exp);
  const notBefore = payload.nbf === undefined ? issuedAt : milliseconds(payload.nbf);
  const audiences: readonly unknown[] = Array.isArray(payload.aud) ? payload.aud : [payload.aud];

  refuseIf(payload.iss !== parties.issuer, 'issuer');
  refuseIf(!audiences.includes(parties.audience), 'audience');
  // Comparisons with NaN, which stands for a missing or unreadable time, are false.
  refuseIf(!(expiresAt - issuedAt <= maxTokenTtlMs) || Number.isNaN(notBefore), 'lifetime');
  refuseIf(nowMs >= expiresAt + clockSkewMs, 'expired');
  refuseIf(Math.max(issuedAt, notBefore) > nowMs + clockSkewMs, 'not_yet_valid');
  if (typeof sub !== 'string' || sub === '') throw new UnauthenticatedError('subject');
  return { sub, scopes: typeof scope === 'string' ? parseScopes(scope) : [], issuedAt, expiresAt };
}

function milliseconds(numericDate: unknown): number {
  return typeof numericDate === 'number' ? numericDate * 1000 : Number.NaN;
}

function refuseIf(wrong: boolean, reason: TokenRefusal): void {
  if (wrong) throw new UnauthenticatedError(reason);
}
