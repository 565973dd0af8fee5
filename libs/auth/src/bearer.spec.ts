import { AppError, coreErrors } from '@app/errors';
import { describe, expect, it } from 'vitest';
import { ForbiddenError, UnauthenticatedError } from './auth.errors.js';
import { bearerToken, challengeFor } from './bearer.js';

describe('bearerToken', () => {
  it.each([
    ['Bearer abc.def.ghi', 'abc.def.ghi'],
    ['bearer abc.def.ghi', 'abc.def.ghi'],
    ['Bearer   abc.def.ghi ', 'abc.def.ghi'],
  ])('takes the token out of %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic dXNlcjpwYXNz', 'Bearer two tokens'])(
    'finds none in %j',
    (header) => {
      expect(() => bearerToken(header)).toThrow(new UnauthenticatedError('missing'));
    },
  );
});

describe('challengeFor', () => {
  it.each<[AppError, string | undefined]>([
    [new UnauthenticatedError('missing'), 'Bearer realm="trading"'],
    [
      new UnauthenticatedError('expired'),
      'Bearer realm="trading", error="invalid_token", error_description="The token has expired."',
    ],
    [
      new ForbiddenError('write'),
      'Bearer realm="trading", error="insufficient_scope", error_description="This needs a token of scope write.", scope="write"',
    ],
    [new AppError(coreErrors.unauthenticated, 'Somebody else says so.'), 'Bearer realm="trading"'],
    [new AppError(coreErrors.not_found, 'No call has this path.'), undefined],
  ])('of %s', (error, challenge) => {
    expect(challengeFor(error, 'trading')).toBe(challenge);
  });

  it('cannot be broken by the name of the application', () => {
    expect(challengeFor(new UnauthenticatedError('missing'), 'a"\\b')).toBe('Bearer realm="ab"');
  });
});
