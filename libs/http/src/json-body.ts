import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { AppError, coreErrors } from '@app/errors';
import type { FastifyInstance } from 'fastify';
import { type AdmittedRequest, declaredLength, expectedPerByte } from './body-admission.js';
import { noRoom, readBody } from './body-reader.js';
import { jsonWeight, maxDepth } from './json-weight.js';

/** What a body's bytes take besides its values: as it came, as text, and as the strings in it, or what is made of them. */
const textPerByte = 3;

/**
 * Makes JSON the only body that is read, up to BODY_LIMIT, and reads it strictly: valid UTF-8, not compressed, not nested
 * deeper than `maxDepth`, and without the keys `__proto__` and `constructor.prototype`, which would reach into the
 * prototypes of objects that are made from it. Of equal keys the last one counts.
 */
export function readJsonOnly(instance: FastifyInstance, limit: number): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    'application/json',
    (request: AdmittedRequest, payload: IncomingMessage, done) => {
      const encoding = request.headers['content-encoding'] ?? 'identity';
      const length = declaredLength(request);
      const declared = typeof length === 'number' ? length : undefined;
      const arrived = (bytes: number): boolean => {
        const fits = request.bodyReservation?.arrived(bytes * expectedPerByte) ?? true;
        if (!fits) request.bodyReservation?.release();
        return fits;
      };
      readBody(payload, { limit, declared, arrived }, (error, body) => {
        if (body === undefined) done(error);
        else if (encoding !== 'identity') done(unsupportedEncoding(encoding));
        else {
          const refusal = isUtf8(body) ? claim(request, body) : malformed('The body is not valid UTF-8.');
          if (refusal === undefined) void parse(request, body.toString('utf8'), done);
          else done(refusal);
        }
      });
    },
  );
}

/** Takes the memory that the values of the body need; returns why it cannot be had. */
function claim({ bodyReservation }: AdmittedRequest, body: Buffer): AppError | undefined {
  const weight = jsonWeight(body);
  if (weight === undefined) return malformed(`The body is nested deeper than ${String(maxDepth)} levels.`);
  switch (bodyReservation?.settle(body.length * textPerByte + weight)) {
    case 'no-room':
      return noRoom();
    case 'never':
      return new AppError(
        coreErrors.payload_too_large,
        'The body holds more values than the service has memory for.',
      );
    case 'held':
    case undefined:
      return undefined;
  }
}

const malformed = (detail: string): AppError => new AppError(coreErrors.malformed_json, detail);

function unsupportedEncoding(encoding: string): AppError {
  return new AppError(
    coreErrors.unsupported_media_type,
    `The body has the content encoding ${encoding}, which is not read here.`,
    { advice: 'Send the body without a Content-Encoding.' },
  );
}
