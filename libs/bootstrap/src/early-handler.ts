import type { HealthAnswers } from '@app/health';
import { notServing, requestIdFrom, requestIdHeader, writeAnswer } from '@app/http';
import type { RequestHandler } from './front-door.js';

/** Answers before the application is loaded: health from the process's own state, all else with 503. */
export function earlyHandler(health: HealthAnswers): RequestHandler {
  return ({ url = '/', method, headers }, response) => {
    const [path = '/'] = url.split('?', 1);
    const asked = method === 'GET' || method === 'HEAD' ? health.at(path) : undefined;
    const context = { requestId: requestIdFrom(headers[requestIdHeader]), instance: path };
    writeAnswer(response, asked ?? notServing(context));
  };
}
