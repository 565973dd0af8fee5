import type { ServerResponse } from 'node:http';
import { challengeFor } from '@app/auth';
import { AppError, coreErrors } from '@app/errors';
import { MethodNotAllowedError } from './http.errors.js';
import { requestIdHeader } from './request-id.js';
import { securityHeaders } from './security-headers.js';
import { statusOf } from './status.js';

export const problemMediaType = 'application/problem+json';

/** Where the codes are explained: a problem's `type` is this reference with the code behind it. */
export const problemTypeBase = '/api/docs/errors#';

/** What the client is asked to wait where the error does not say it, in seconds. */
const defaultRetryAfterSeconds = 5;

/** The request that a problem answers. */
export interface ProblemContext {
  readonly requestId: string;
  /** The path of the request, without its query. */
  readonly instance?: string | undefined;
}

/** A body of RFC 9457; an error's data stands beside these members. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly requestId: string;
  readonly [extension: string]: unknown;
}

/** An answer that any server can write. Header names are in lower case. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The body that tells of an error. Of an internal one it tells only that it happened. */
export function problem(error: AppError, { requestId, instance }: ProblemContext): ProblemBody {
  const shown = fitForThePublic(error);
  const { code, kind, title } = shown.definition;
  return {
    ...shown.data,
    type: `${problemTypeBase}${code}`,
    title,
    status: statusOf(kind),
    detail: shown.message,
    code,
    ...(instance === undefined ? {} : { instance }),
    requestId,
  };
}

/** The whole answer to a request that failed: status, headers that belong to the error, and body. */
export function problemAnswer(error: AppError, context: ProblemContext, realm = 'api'): ProblemAnswer {
  const body = problem(error, context);
  const challenge = challengeFor(error, realm);
  return {
    status: body.status,
    headers: {
      ...securityHeaders,
      'content-type': problemMediaType,
      'cache-control': 'no-store',
      [requestIdHeader]: context.requestId,
      ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
      ...(error instanceof MethodNotAllowedError ? { allow: error.allow.join(', ') } : {}),
      ...retryAfter(error),
    },
    body: JSON.stringify(body),
  };
}

/** Writes a whole answer to Node's response. */
export function writeAnswer(
  response: ServerResponse,
  { status, headers, body }: Omit<ProblemAnswer, 'body'> & { readonly body: string | Buffer },
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

function fitForThePublic(error: AppError): AppError {
  return error.definition.kind === 'internal'
    ? new AppError(coreErrors.internal_error, 'The service could not answer this request.')
    : error;
}

function retryAfter({ definition, data }: AppError): Readonly<Record<string, string>> {
  if (definition.kind !== 'unavailable' && definition.kind !== 'rate_limited') return {};
  const seconds = data.retryAfterSeconds;
  return {
    'retry-after': String(typeof seconds === 'number' ? Math.ceil(seconds) : defaultRetryAfterSeconds),
  };
}
