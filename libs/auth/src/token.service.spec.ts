import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ForbiddenError, UnauthenticatedError } from './auth.errors.js';
import type { TokenRefusal } from './auth.errors.js';
import { maxTokenTtlMs } from './claims.js';
import { createTokenService, type TokenService } from './token.service.js';

const key = 'the first key, 0123456789 abcdefghijkl';
const otherKey = 'another key, 9876543210 mnopqrstuvwxyz';
const now = Date.UTC(2026, 10, 24, 12);
const second = 1000;
const hour = 3_600_000;

const service = (
  options: { secret?: string; previous?: string; at?: number; name?: string } = {},
): TokenService =>
  createTokenService(
    { secretKey: options.secret ?? key, secretKeyPrevious: options.previous },
    options.name ?? 'trading-backend',
    { now: () => options.at ?? now },
  );

const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token with any content, signed as another program with the same key might. */
function forged(payload: unknown, header: object = { alg: 'HS256', typ: 'JWT' }, secret = key): string {
  const content = `${encoded(header)}.${encoded(payload)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

const goodPayload = {
  iss: 'trading-backend',
  aud: 'trading-backend/api',
  sub: 'desk-1',
  scope: 'write',
  iat: now / second,
  exp: now / second + 60,
};

function refusalOf(token: string, by = service()): TokenRefusal | 'accepted' {
  try {
    by.verify(token);
    return 'accepted';
  } catch (error) {
    if (error instanceof UnauthenticatedError) return error.reason;
    throw error;
  }
}

describe('TokenService', () => {
  it('signs a token that says who may do what, for whom, until when, and by which key', () => {
    const token = service().sign({ sub: 'desk-1', scopes: ['read', 'write'], ttlMs: hour });
    const [header, payload] = token
      .split('.')
      .slice(0, 2)
      .map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString()));

    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(payload).toEqual({
      iss: 'trading-backend',
      aud: 'trading-backend/api',
      sub: 'desk-1',
      scope: 'read write',
      iat: now / second,
      exp: (now + hour) / second,
    });
  });

  it('gives back the claims of its own token', () => {
    const token = service().sign({ sub: 'desk-1', scopes: ['write'], ttlMs: hour });
    expect(service().verify(token)).toEqual({
      sub: 'desk-1',
      scopes: ['write'],
      issuedAt: now,
      expiresAt: now + hour,
    });
  });

  it('accepts the tokens of the previous key and signs none with it', () => {
    const old = service({ secret: otherKey }).sign({ sub: 'desk-1', scopes: ['read'], ttlMs: hour });
    const rotated = service({ secret: key, previous: otherKey });
    const fresh = rotated.sign({ sub: 'desk-1', scopes: ['read'], ttlMs: hour });

    expect(refusalOf(old, rotated)).toBe('accepted');
    expect(refusalOf(fresh, service({ secret: key }))).toBe('accepted');
    expect(refusalOf(old, service({ secret: key }))).toBe('signature');
  });

  it('accepts a token without a key id that one of its keys has signed', () => {
    const rotated = service({ secret: otherKey, previous: key });
    expect(refusalOf(forged(goodPayload), rotated)).toBe('accepted');
  });

  it('names a key by no more than 32 bits of a hash', () => {
    const kidOf = (secret: string): unknown => {
      const [header = ''] = service({ secret })
        .sign({ sub: 'a', scopes: ['read'], ttlMs: hour })
        .split('.');
      return JSON.parse(Buffer.from(header, 'base64url').toString()).kid;
    };
    expect(kidOf(key)).not.toBe(kidOf(otherKey));
    expect(kidOf(key)).toBe(kidOf(key));
  });

  it.each([
    ['an empty subject', { sub: '', scopes: ['read'] as const, ttlMs: hour }],
    ['a subject with a line feed', { sub: 'a\nb', scopes: ['read'] as const, ttlMs: hour }],
    ['no scope', { sub: 'a', scopes: [], ttlMs: hour }],
    ['a lifetime of more than 30 days', { sub: 'a', scopes: ['read'] as const, ttlMs: maxTokenTtlMs + 1 }],
    ['a lifetime of less than a second', { sub: 'a', scopes: ['read'] as const, ttlMs: 999 }],
    ['a lifetime that is no number', { sub: 'a', scopes: ['read'] as const, ttlMs: Number.NaN }],
  ])('makes no token with %s', (_name, request) => {
    expect(() => service().sign(request)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it.each<[string, number, TokenRefusal | 'accepted']>([
    ['at its end', hour, 'accepted'],
    ['29 s after its end', hour + 29 * second, 'accepted'],
    ['30 s after its end', hour + 30 * second, 'expired'],
    ['by a clock that is 30 s behind', -30 * second, 'accepted'],
    ['by a clock that is 31 s behind', -31 * second, 'not_yet_valid'],
  ])('%s a token of an hour is judged with 30 s of clock skew', (_name, offset, refusal) => {
    const token = service().sign({ sub: 'desk-1', scopes: ['read'], ttlMs: hour });
    expect(refusalOf(token, service({ at: now + offset }))).toBe(refusal);
  });

  it.each<[string, string, TokenRefusal | 'accepted']>([
    ['nothing', '', 'malformed'],
    ['words', 'hello', 'malformed'],
    ['a token cut short', forged(goodPayload).slice(0, -2), 'signature'],
    ['a token without a signature', forged(goodPayload).replace(/[^.]+$/, ''), 'signature'],
    ['a token with the algorithm none', forged(goodPayload, { alg: 'none' }), 'malformed'],
    ['a token with HS512', forged(goodPayload, { alg: 'HS512' }), 'malformed'],
    ['a token with a header that is a list', forged(goodPayload, []), 'malformed'],
    ['a token of another key', forged(goodPayload, { alg: 'HS256' }, otherKey), 'signature'],
    ['a token of an unknown key id', forged(goodPayload, { alg: 'HS256', kid: 'ffffffff' }), 'signature'],
    ['a token of 5,000 characters', 'a'.repeat(5000), 'malformed'],
    ['a payload that is no object', forged('1'), 'issuer'],
    ['another issuer', forged({ ...goodPayload, iss: 'somebody' }), 'issuer'],
    ['another audience', forged({ ...goodPayload, aud: 'somebody' }), 'audience'],
    ['one of many audiences', forged({ ...goodPayload, aud: ['x', 'trading-backend/api'] }), 'accepted'],
    ['no end', forged({ ...goodPayload, exp: undefined }), 'lifetime'],
    ['an end that is text', forged({ ...goodPayload, exp: '9999999999' }), 'lifetime'],
    ['no beginning', forged({ ...goodPayload, iat: undefined }), 'lifetime'],
    [
      'a lifetime of 30 days and a second',
      forged({ ...goodPayload, exp: goodPayload.iat + maxTokenTtlMs / second + 1 }),
      'lifetime',
    ],
    ['a later beginning', forged({ ...goodPayload, nbf: goodPayload.iat + 31 }), 'not_yet_valid'],
    ['a beginning that is text', forged({ ...goodPayload, nbf: 'soon' }), 'lifetime'],
    ['no subject', forged({ ...goodPayload, sub: undefined }), 'subject'],
    ['what it needs', forged(goodPayload), 'accepted'],
  ])('judges %s', (_name, token, refusal) => {
    expect(refusalOf(token)).toBe(refusal);
  });

  it('tells no secret in a refusal', () => {
    const token = forged(goodPayload, { alg: 'HS256' }, otherKey);
    expect(() => service().verify(token)).toThrow(
      'The token was not signed with a key that is valid here. Send the header "Authorization: Bearer <token>" with a token that is valid now.',
    );
  });

  it('authorizes a scope by a greater one', () => {
    const token = service().sign({ sub: 'desk-1', scopes: ['admin'], ttlMs: hour });
    expect(service().authorize(`Bearer ${token}`, 'write').sub).toBe('desk-1');
  });

  it('forbids what needs a greater scope', () => {
    const token = service().sign({ sub: 'desk-1', scopes: ['read'], ttlMs: hour });
    expect(() => service().authorize(`Bearer ${token}`, 'write')).toThrow(new ForbiddenError('write'));
  });

  it('grants nothing for scopes that it does not know', () => {
    const token = forged({ ...goodPayload, scope: 'root' });
    expect(() => service().authorize(`Bearer ${token}`, 'read')).toThrow(new ForbiddenError('read'));
  });
});
