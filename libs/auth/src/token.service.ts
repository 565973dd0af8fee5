import type { SecurityConfig } from '@app/config';
import { AppError, coreErrors } from '@app/errors';
import { type Clock, systemClock } from '@app/lifecycle';
import { ForbiddenError, UnauthenticatedError } from './auth.errors.js';
import { bearerToken } from './bearer.js';
import { type Claims, maxTokenTtlMs, type TokenRequest } from './claims.js';
import { includesScope, type Scope } from './scope.js';
import { type SigningKey, signingKey } from './signing-key.js';
import { checkedClaims, type Payload, type TokenParties } from './token-claims.js';

const algorithm = 'HS256';
const minTokenTtlMs = 1000;
const subjectPattern = /^[^\p{Cc}]{1,128}$/u;
/** A token made here has about 300 characters; one longer than this is not worth decoding. */
const longestToken = 4096;

/** Makes and checks bearer tokens: JSON Web Tokens (RFC 7519) that are signed with HS256. */
export class TokenService {
  readonly #keys: readonly [SigningKey, ...SigningKey[]];
  readonly #parties: TokenParties;
  readonly #clock: Clock;

  /** The first key signs; tokens of all of them are accepted. */
  constructor(
    keys: readonly [SigningKey, ...SigningKey[]],
    parties: TokenParties,
    clock: Clock = systemClock,
  ) {
    this.#keys = keys;
    this.#parties = parties;
    this.#clock = clock;
  }

  /** Throws an AppError with the code `usage` for a subject, scopes or a lifetime that no token may have. */
  sign({ sub, scopes, ttlMs }: TokenRequest): string {
    refuseUnless(subjectPattern.test(sub), 'The name in a token has 1 to 128 printable characters.');
    refuseUnless(scopes.length > 0, 'A token has at least one scope.');
    const ttlFits = ttlMs >= minTokenTtlMs && ttlMs <= maxTokenTtlMs;
    refuseUnless(ttlFits, 'The lifetime of a token is between 1 s and 30 days.');
    const [key] = this.#keys;
    const iat = Math.floor(this.#clock.now() / 1000);
    const exp = iat + Math.floor(ttlMs / 1000);
    const { issuer, audience } = this.#parties;
    const payload = { iss: issuer, aud: audience, sub, scope: scopes.join(' '), iat, exp };
    return key.jwt.sign(payload, { algorithm, keyid: key.id });
  }

  /** Throws an UnauthenticatedError that says why the token is refused. */
  verify(token: string): Claims {
    if (token.length > longestToken) throw new UnauthenticatedError('malformed');
    const { kid } = headerOf(token);
    const payload = this.#keys
      .filter((key) => kid === undefined || key.id === kid)
      .map((key) => payloadSignedBy(key, token))
      .find((candidate) => candidate !== undefined);
    if (payload === undefined) throw new UnauthenticatedError('signature');
    return checkedClaims(payload, this.#parties, this.#clock.now());
  }

  /**
   * The claims of the token in an Authorization header.
   * Throws an UnauthenticatedError without a valid token, and a ForbiddenError when it lacks the scope.
   */
  authorize(authorization: string | undefined, scope: Scope): Claims {
    const claims = this.verify(bearerToken(authorization));
    if (!includesScope(claims.scopes, scope)) throw new ForbiddenError(scope);
    return claims;
  }
}

/** A token service with the keys of the configuration; tokens are made by, and for, the application of this name. */
export function createTokenService(
  security: Pick<SecurityConfig, 'secretKey' | 'secretKeyPrevious'>,
  appName: string,
  clock: Clock = systemClock,
): TokenService {
  const previous = security.secretKeyPrevious;
  return new TokenService(
    [signingKey(security.secretKey), ...(previous === undefined ? [] : [signingKey(previous)])],
    { issuer: appName, audience: `${appName}/api` },
    clock,
  );
}

/** The header of a token, whoever made it. Throws an UnauthenticatedError when it is not one for HS256. */
function headerOf(token: string): { readonly kid: unknown } {
  const [encoded = ''] = token.split('.', 1);
  const header = parsed(Buffer.from(encoded, 'base64url').toString('utf8'));
  if (header?.alg !== algorithm) throw new UnauthenticatedError('malformed');
  return { kid: header.kid };
}

function parsed(json: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when another key has signed it. The times are checked with the claims, by one clock. */
function payloadSignedBy({ jwt }: SigningKey, token: string): Payload | undefined {
  try {
    return jwt.verify<Payload>(token, {
      algorithms: [algorithm],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
  } catch {
    return undefined;
  }
}

function refuseUnless(fits: boolean, detail: string): void {
  if (!fits) throw new AppError(coreErrors.usage, detail);
}
