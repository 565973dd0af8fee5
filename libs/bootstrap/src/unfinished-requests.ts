import type { ServerResponse } from 'node:http';
import {
  NotServingError,
  notServingRetryAfterSeconds,
  problemAnswer,
  requestIdFrom,
  requestIdHeader,
  writeAnswer,
} from '@app/http';
import { UnfinishedRequestsError } from './bootstrap.errors.js';
import type { FrontDoor } from './front-door.js';

/**
 * Waits for the requests in flight until the signal aborts, and answers those with 503 that still have no answer then:
 * a client that is told can go elsewhere at once. Throws UnfinishedRequestsError once those answers are sent.
 */
export async function finishRequests(frontDoor: FrontDoor, signal: AbortSignal): Promise<void> {
  try {
    await frontDoor.requestsFinished(signal);
  } catch {
    const waiting = frontDoor.unanswered;
    for (const response of waiting) answerUnfinished(response);
    await frontDoor.requestsFinished(new AbortController().signal);
    throw new UnfinishedRequestsError(waiting.map(nameOf));
  }
}

function answerUnfinished(response: ServerResponse): void {
  const id = response.getHeader(requestIdHeader);
  const error = new NotServingError(
    'The service is ending and could not finish this request in time; it may have been done in part.',
    notServingRetryAfterSeconds,
  );
  writeAnswer(
    response,
    problemAnswer(error, {
      requestId: typeof id === 'string' ? id : requestIdFrom(response.req.headers[requestIdHeader]),
      instance: pathOf(response),
    }),
  );
}

const pathOf = ({ req: { url = '/' } }: ServerResponse): string => url.split('?', 1)[0] ?? '/';

const nameOf = (response: ServerResponse): string => `${response.req.method ?? ''} ${pathOf(response)}`;
