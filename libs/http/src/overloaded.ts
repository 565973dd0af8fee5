import { AppError, coreErrors } from '@app/errors';
import { problem, problemMediaType } from './problem.js';

/** Clients are asked to come back after 1 to 5 seconds, each after another time, so that they do not all come at once. */
const retryAfterSeconds = { least: 1, choices: 5 };

/** The answer to a request that is refused under overload. Header names are in lower case. */
export interface OverloadedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Makes these answers at next to no cost: all but the request's id and path is made once.
 * @param random Uniform in [0, 1).
 */
export function overloadedAnswers(
  random: () => number = Math.random,
): (requestId: string, path: string) => OverloadedAnswer {
  const error = new AppError(coreErrors.overloaded, 'The service has more work than it can do now.');
  // The order of the members is that of all problems, so these two come where they do there.
  const [start = '', middle = '', end = ''] = JSON.stringify(
    problem(error, { requestId: '\0', instance: '\0' }),
  ).split(JSON.stringify('\0'));
  const headers = Array.from({ length: retryAfterSeconds.choices }, (_, index) => ({
    'content-type': problemMediaType,
    'cache-control': 'no-store',
    'retry-after': String(retryAfterSeconds.least + index),
  }));
  return (requestId, path) => ({
    headers: headers[Math.floor(random() * headers.length)] ?? {},
    body: Buffer.from(`${start}${JSON.stringify(path)}${middle}${JSON.stringify(requestId)}${end}`),
  });
}
