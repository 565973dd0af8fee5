import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HealthAnswers } from '@app/health';
import { notServing, requestIdFrom, requestIdHeader } from '@app/http';
import type { RequestHandler } from './front-door.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Answers before the application is loaded: health from the process's own state, all else with 503. */
export function earlyHandler(health: HealthAnswers): RequestHandler {
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const asked = request.method === 'GET' || request.method === 'HEAD' ? health.at(path) : undefined;
    const requestId = requestIdFrom(request.headers[requestIdHeader]);
    send(request, response, asked ?? notServing({ requestId, instance: path }));
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
