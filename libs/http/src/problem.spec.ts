import { UnauthenticatedError } from '@app/auth';
import { AppError, coreErrors, DatastoreError } from '@app/errors';
import { describe, expect, it } from 'vitest';
import { MethodNotAllowedError } from './http.errors.js';
import { notServing } from './not-serving.js';
import { problem, problemAnswer } from './problem.js';
import { securityHeaders } from './security-headers.js';

const context = { requestId: 'id-1', instance: '/api/v1/quotes/EUR-USD' };

describe('problem', () => {
  it('tells the code, the status, both parts of the message, and the data', () => {
    expect(problem(new DatastoreError('redis', 'refused'), context)).toEqual({
      type: '/api/docs/errors#datastore_unavailable',
      title: 'A datastore does not work',
      status: 503,
      detail:
        'The datastore redis does not work (refused). Send the request again after the time in Retry-After.',
      code: 'datastore_unavailable',
      instance: '/api/v1/quotes/EUR-USD',
      requestId: 'id-1',
      datastore: 'redis',
      reason: 'refused',
    });
  });

  it('tells nothing of an internal error but that it happened', () => {
    const error = new AppError(coreErrors.configuration_invalid, 'DATABASE_URL is wrong.', {
      data: { url: 'postgres://10.0.0.1' },
      cause: new Error('password authentication failed'),
    });
    expect(problem(error, { requestId: 'id-1' })).toEqual({
      type: '/api/docs/errors#internal_error',
      title: 'An unexpected failure',
      status: 500,
      detail:
        'The service could not answer this request. Report the request id to the operator, who finds the cause in the log.',
      code: 'internal_error',
      requestId: 'id-1',
    });
  });

  it('keeps its own members when the data have the same names', () => {
    const error = new AppError(coreErrors.not_found, 'Nothing.', {
      data: { status: 200, type: 'x', code: 1 },
    });
    expect(problem(error, context)).toMatchObject({
      status: 404,
      type: '/api/docs/errors#not_found',
      code: 'not_found',
    });
  });
});

describe('problemAnswer', () => {
  const common = {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': 'id-1',
  };

  it.each<[string, AppError, number, Record<string, string>]>([
    ['a plain error', new AppError(coreErrors.not_found, 'Nothing.'), 404, {}],
    ['a datastore', new DatastoreError('redis', 'refused'), 503, { 'retry-after': '5' }],
    [
      'an error that knows when to come again',
      new AppError(coreErrors.rate_limited, 'Too fast.', { data: { retryAfterSeconds: 1.2 } }),
      429,
      { 'retry-after': '2' },
    ],
    [
      'a token that is missing',
      new UnauthenticatedError('missing'),
      401,
      { 'www-authenticate': 'Bearer realm="trading"' },
    ],
    ['a wrong method', new MethodNotAllowedError('PUT', ['GET', 'HEAD']), 405, { allow: 'GET, HEAD' }],
  ])('has the headers that belong to %s', (_name, error, status, headers) => {
    expect(problemAnswer(error, context, 'trading')).toEqual({
      status,
      headers: { ...common, ...headers },
      body: JSON.stringify(problem(error, context)),
    });
  });

  it('is ready before the application is loaded', () => {
    const answer = notServing(context);
    expect({ ...answer, body: JSON.parse(answer.body) as unknown }).toEqual({
      status: 503,
      headers: { ...common, 'retry-after': '2' },
      body: {
        type: '/api/docs/errors#not_serving',
        title: 'The service does not take requests now',
        status: 503,
        detail: 'The service is starting. Send the request again after the time in Retry-After.',
        code: 'not_serving',
        instance: '/api/v1/quotes/EUR-USD',
        requestId: 'id-1',
        retryAfterSeconds: 2,
      },
    });
  });
});
