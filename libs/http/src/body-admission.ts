import type { BodyReservation, Overload } from '@app/lifecycle';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** A request that was let in, with what its body holds of the memory. */
export interface AdmittedRequest extends FastifyRequest {
  bodyReservation?: BodyReservation;
}

/**
 * What a byte of a body is expected to take of the memory, in bytes, until its values are counted. It lies below the 10
 * that it is for trades, so that a body of BODY_LIMIT whose texts are long, as for which it is 5, is let in as well.
 */
export const expectedPerByte = 6;

/** How long the body will be, in bytes; `unknown` for one in chunks, undefined where none comes. */
export function declaredLength({ headers }: FastifyRequest): number | 'unknown' | undefined {
  if (headers['transfer-encoding'] !== undefined) return 'unknown';
  const length = headers['content-length'];
  return length === undefined || length === '0' ? undefined : Number(length);
}

/** Lets requests in while the process has the time and the memory for them. */
export class BodyAdmission {
  readonly #overload: Overload;
  readonly #limit: number;

  /** @param limit BODY_LIMIT, in bytes. */
  constructor(overload: Overload, limit: number) {
    this.#overload = overload;
    this.#limit = limit;
  }

  /** Whether to let this business request in. What its body holds is given back when nobody works on it any more. */
  admits(request: AdmittedRequest, reply: FastifyReply): boolean {
    const declared = declaredLength(request);
    if (declared === undefined) return this.#overload.admits('without-body');
    // One in chunks holds what has come; one that is too long is never read.
    const expected = declared === 'unknown' || declared > this.#limit ? 0 : declared;
    const reservation = this.#overload.admitsBody(expected * expectedPerByte);
    if (reservation === undefined) return false;
    request.bodyReservation = reservation;
    reply.raw.once('close', () => {
      if (reply.sent) reservation.release();
    });
    return true;
  }
}

/** Where the client has gone before it was answered, what its body holds is given back when the route has ended. */
export function releaseAfterWork(instance: FastifyInstance): void {
  instance.addHook('onSend', (request: AdmittedRequest, reply, payload, next) => {
    if (reply.raw.closed) request.bodyReservation?.release();
    next(null, payload);
  });
}
