import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  readonly requestId: string;
}

/** What is known of the request that the running code works for; every log line within carries it. */
export const requestContext = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and all that it starts, with log lines that carry this request id. */
export function runWithRequestId<Result>(requestId: string, work: () => Result): Result {
  return requestContext.run({ requestId }, work);
}
