import { isUtf8 } from 'node:buffer';
import { AppError, coreErrors } from '@app/errors';
import type { FastifyInstance } from 'fastify';

/**
 * Makes JSON the only body that is read, and reads it strictly: valid UTF-8, not compressed, and without the keys
 * `__proto__` and `constructor.prototype`, which would reach into the prototypes of objects that are made from it.
 * Of equal keys the last one counts.
 */
export function readJsonOnly(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') done(unsupportedEncoding(encoding));
    else if (!isUtf8(body)) done(new AppError(coreErrors.malformed_json, 'The body is not valid UTF-8.'));
    else void parse(request, body.toString('utf8'), done);
  });
}

function unsupportedEncoding(encoding: string): AppError {
  return new AppError(
    coreErrors.unsupported_media_type,
    `The body has the content encoding ${encoding}, which is not read here.`,
    { advice: 'Send the body without a Content-Encoding.' },
  );
}
