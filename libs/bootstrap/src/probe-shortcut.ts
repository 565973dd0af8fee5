import type { HealthAnswers } from '@app/health';
import { requestIdFrom, requestIdHeader, securityHeaders, writeAnswer } from '@app/http';
import type { Logger } from '@app/logging';
import type { Shortcut } from './front-door.js';

/**
 * Answers plain probes in every phase as the application's own routes do, at half of what those cost. A request gets
 * an id only if it came with one, since no line of the log would name it. Left to the application are pages of other
 * origins, which need the headers of CORS, and everything while the level is trace, since it logs the requests.
 */
export function probeShortcut(health: HealthAnswers, logger: Pick<Logger, 'isLevelEnabled'>): Shortcut {
  const headersOf = {
    200: { ...securityHeaders, ...health.headers[200] },
    503: { ...securityHeaders, ...health.headers[503] },
  };
  return ({ method, url = '/', headers: asked }, response) => {
    const answer = method === 'GET' && asked.origin === undefined ? health.at(url) : undefined;
    if (answer === undefined || logger.isLevelEnabled('trace')) return false;
    const { status, body } = answer;
    const id = asked[requestIdHeader];
    const headers = headersOf[status];
    writeAnswer(response, {
      status,
      headers: id === undefined ? headers : { ...headers, [requestIdHeader]: requestIdFrom(id) },
      body,
    });
    return true;
  };
}
