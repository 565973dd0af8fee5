import { AppError, coreErrors, type ErrorDefinition } from '@app/errors';
import { HttpException } from '@nestjs/common';
import { httpErrors } from './http.errors.js';

type Translation = readonly [definition: ErrorDefinition, detail: string];

/** What Fastify says by its own codes. */
const byFastifyCode: Readonly<Record<string, Translation>> = {
  FST_ERR_BAD_URL: [httpErrors.malformed_request, 'The path has a broken percent-encoding.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [coreErrors.payload_too_large, 'The body is larger than BODY_LIMIT.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [coreErrors.malformed_json, 'The body is empty.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    httpErrors.malformed_request,
    'The body is not as long as its Content-Length.',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: [
    coreErrors.malformed_json,
    'The body is not valid JSON, or has a key that is not allowed (__proto__, constructor.prototype).',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [coreErrors.unsupported_media_type, 'The body is not application/json.'],
};

/** What libraries and Nest's own exceptions say by a status. */
const byStatus: Readonly<Record<number, ErrorDefinition>> = {
  401: coreErrors.unauthenticated,
  403: coreErrors.forbidden,
  404: coreErrors.not_found,
  406: coreErrors.not_acceptable,
  408: coreErrors.request_timeout,
  413: coreErrors.payload_too_large,
  415: coreErrors.unsupported_media_type,
  429: coreErrors.rate_limited,
  503: coreErrors.not_serving,
};

/** Any error as one of the registry; what is not known becomes an `internal_error` with the cause. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const cause = error instanceof HttpException ? error.cause : error;
  const known = byFastifyCode[stringAt(cause, 'code')];
  if (known !== undefined) return new AppError(known[0], known[1], { cause: error });

  const status = error instanceof HttpException ? error.getStatus() : numberAt(error, 'statusCode');
  if (error instanceof HttpException && status < 500) {
    const definition = byStatus[status] ?? coreErrors.validation_failed;
    return new AppError(definition, asSentence(error.message), { cause: error });
  }
  if (status === 503)
    return new AppError(coreErrors.not_serving, 'The service does not take this request.', { cause: error });
  if (status >= 400 && status < 500) {
    return new AppError(httpErrors.malformed_request, 'The request did not arrive whole.', { cause: error });
  }
  return new AppError(coreErrors.internal_error, 'An error that nobody expected.', { cause: error });
}

function stringAt(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
}

function numberAt(value: unknown, key: string): number {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'number' ? found : 0;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
