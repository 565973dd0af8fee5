import { NotServingError } from './http.errors.js';
import { problemAnswer, type ProblemAnswer, type ProblemContext } from './problem.js';

/** How soon a client may ask again while the service starts, in seconds. */
export const notServingRetryAfterSeconds = 2;

/** The error of a business route before the service serves. */
export function notServingYet(): NotServingError {
  return new NotServingError('The service is starting.', notServingRetryAfterSeconds);
}

/** The whole answer to a business request that comes before the application is loaded. The answer to a HEAD request has no body. */
export function notServing(context: ProblemContext): ProblemAnswer {
  return problemAnswer(notServingYet(), context);
}
