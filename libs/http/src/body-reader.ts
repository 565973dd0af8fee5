import type { Readable } from 'node:stream';
import { AppError, coreErrors } from '@app/errors';
import { httpErrors } from './http.errors.js';

export interface BodyReading {
  /** BODY_LIMIT, in bytes. */
  readonly limit: number;
  /** As the request declares it, in bytes; undefined for a body that comes in chunks. */
  readonly declared: number | undefined;
  /** Is told how much has come, in bytes; false: there is no room for it, and the body is dropped. */
  readonly arrived: (bytes: number) => boolean;
}

/** What a body of which only a part has come begins with, in bytes. */
const firstBytes = 16_384;

/**
 * Reads a body into one piece of memory that grows with it. A list of the pieces that come would take hundreds of bytes
 * for each, and a hostile client makes one for each byte; joining them takes the body twice.
 */
export function readBody(
  payload: Readable,
  { limit, declared, arrived }: BodyReading,
  done: (error: AppError | null, body?: Buffer) => void,
): void {
  let [memory, length] = [new ArrayBuffer(0), 0];
  let refused = false;
  const end = (error: AppError | null): void => {
    payload.off('data', take).off('end', whole).off('error', broken);
    if (error === null) done(null, Buffer.from(memory, 0, length));
    else done(error);
  };
  const take = (chunk: Buffer): void => {
    const start = length;
    length += chunk.length;
    if (length > limit) end(bodyTooLarge());
    else if (!refused && arrived(length)) {
      if (length > memory.byteLength)
        memory = memory.transfer(capacity(length, memory.byteLength, declared ?? limit));
      new Uint8Array(memory).set(chunk, start);
    } else {
      // What still comes is dropped: a client that is answered while it sends may never see the answer.
      refused = true;
      memory = new ArrayBuffer(0);
    }
  };
  const whole = (): void => {
    if (refused) end(noRoom());
    else end(declared === undefined || declared === length ? null : wrongLength());
  };
  const broken = (cause: unknown): void => end(notWhole(cause));
  if (declared !== undefined && declared > limit) done(bodyTooLarge());
  else payload.on('data', take).on('end', whole).on('error', broken);
}

function capacity(wanted: number, present: number, most: number): number {
  return Math.max(wanted, Math.min(most, Math.max(firstBytes, present * 2)));
}

const bodyTooLarge = (): AppError =>
  new AppError(coreErrors.payload_too_large, 'The body is larger than BODY_LIMIT.');
const wrongLength = (): AppError =>
  new AppError(httpErrors.malformed_request, 'The body is not as long as its Content-Length.');
const notWhole = (cause: unknown): AppError =>
  new AppError(httpErrors.malformed_request, 'The request did not arrive whole.', { cause });

/** The answer to a body that finds no room once it has come. */
export const noRoom = (): AppError =>
  new AppError(coreErrors.overloaded, 'The service has no memory left for this body now.');
