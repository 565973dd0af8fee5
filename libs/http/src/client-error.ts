import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, coreErrors } from '@app/errors';
import { httpErrors } from './http.errors.js';
import { problemAnswer, type ProblemAnswer } from './problem.js';
import { requestIdFrom } from './request-id.js';

interface ClientError extends Error {
  readonly code: string;
}

/** Answers what Node could not read as a request, or what did not arrive in time, and closes the connection. */
export function answerClientError(error: ClientError, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    socket.write(onTheWire(problemAnswer(clientError(error.code), { requestId: requestIdFrom(undefined) })));
  }
  socket.destroy(error);
}

function clientError(code: string): AppError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new AppError(coreErrors.request_timeout, 'The request was not complete when its time was over.');
  }
  return new AppError(
    httpErrors.malformed_request,
    code === 'HPE_HEADER_OVERFLOW' ? 'The headers are too long.' : 'This is not an HTTP/1.1 request.',
  );
}

function onTheWire({ status, headers, body }: ProblemAnswer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    ...lines,
    `content-length: ${String(Buffer.byteLength(body))}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
