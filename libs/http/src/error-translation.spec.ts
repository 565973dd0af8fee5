import { AppError, coreErrors } from '@app/errors';
import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { asAppError } from './error-translation.js';

const withFields = (message: string, fields: object): Error => Object.assign(new Error(message), fields);

describe('asAppError', () => {
  it('leaves an AppError as it is', () => {
    const error = new AppError(coreErrors.forbidden, 'No.');
    expect(asAppError(error)).toBe(error);
  });

  it.each<[string, unknown, string, string]>([
    [
      'Nest says 400',
      new BadRequestException('Validation failed'),
      'validation_failed',
      'Validation failed.',
    ],
    ['Nest says 404', new NotFoundException('No such thing'), 'not_found', 'No such thing.'],
    ['Nest says 401', new HttpException('Who?', 401), 'unauthenticated', 'Who?'],
    ['Nest says 418', new HttpException('A teapot', 418), 'validation_failed', 'A teapot.'],
    [
      'Nest says 503',
      new HttpException('db at 10.0.0.1 is down', 503),
      'not_serving',
      'The service does not take this request.',
    ],
    [
      'Nest says 500',
      new HttpException('db at 10.0.0.1 is down', 500),
      'internal_error',
      'An error that nobody expected.',
    ],
    [
      'Nest has mapped a Fastify error',
      new HttpException('Request body is too large', 413, {
        cause: withFields('too large', { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }),
      }),
      'payload_too_large',
      'The body is larger than BODY_LIMIT.',
    ],
    [
      'Fastify says it itself',
      withFields('x', { code: 'FST_ERR_BAD_URL', statusCode: 400 }),
      'malformed_request',
      'The path has a broken percent-encoding.',
    ],
    [
      'the client hung up',
      withFields('aborted', { code: 'ECONNRESET', statusCode: 400 }),
      'malformed_request',
      'The request did not arrive whole.',
    ],
    ['anything else', new TypeError('x is undefined'), 'internal_error', 'An error that nobody expected.'],
    ['not even an error', 'oops', 'internal_error', 'An error that nobody expected.'],
    ['nothing', undefined, 'internal_error', 'An error that nobody expected.'],
  ])('when %s', (_name, error, code, detail) => {
    const { code: foundCode, detail: foundDetail, cause } = asAppError(error);
    expect({ code: foundCode, detail: foundDetail, cause }).toEqual({ code, detail, cause: error });
  });
});
