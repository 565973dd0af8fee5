import type { Scope } from './scope.js';

/** What a valid token says. */
export interface Claims {
  /** Who the bearer is: the name given when the token was made. */
  readonly sub: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a new token shall say. */
export interface TokenRequest {
  /** 1 to 128 characters without control characters. */
  readonly sub: string;
  readonly scopes: readonly Scope[];
  /** Lifetime in milliseconds: 1 s to `maxTokenTtlMs`. */
  readonly ttlMs: number;
}

/** A token that lives longer is neither made nor accepted, in milliseconds (30 days). */
export const maxTokenTtlMs = 30 * 24 * 60 * 60 * 1000;

/** By how much the clocks of the signer and of the checker may differ, in milliseconds. */
export const clockSkewMs = 30_000;
