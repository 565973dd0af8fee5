import type { AuthenticatedRequest } from '@app/auth/nest';
import { type Logger, runWithRequestId } from '@app/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Of a request whose client hung up before it was answered, as nginx has it. */
const clientClosedRequest = 499;

/**
 * Logs the request once its connection is done with it, also when the client hung up or the answer was a stream.
 * The line never has the query, the headers or the body. Probes come often: their lines have the level trace.
 */
export function logWhenDone(
  request: FastifyRequest & Partial<AuthenticatedRequest>,
  { raw }: FastifyReply,
  logger: Logger,
  isProbe: boolean,
): void {
  const startedAt = performance.now();
  raw.once('close', () => {
    const { method, claims } = request;
    const route = request.routeOptions.url ?? 'no route';
    const status = raw.headersSent ? raw.statusCode : clientClosedRequest;
    const fields = {
      method,
      route,
      path: request.url.split('?', 1)[0],
      status,
      durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      ...(raw.writableFinished ? {} : { aborted: true }),
      ...(claims === undefined ? {} : { sub: claims.sub }),
    };
    runWithRequestId(request.id, () => {
      logger[isProbe ? 'trace' : 'info'](fields, `${method} ${route} ${String(status)}`);
    });
  });
}
