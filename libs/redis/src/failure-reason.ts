import { AppError, DatastoreError, type FailureReason, networkFailureReason } from '@app/errors';

/** Replies by which the server says that it, and not the command, is at fault; scripts pass them on. */
const reasonByReply: readonly (readonly [RegExp, FailureReason])[] = [
  [/^(NOAUTH|WRONGPASS|NOPERM|ERR invalid password|ERR AUTH)\b/, 'authentication'],
  [/^ERR max number of clients/, 'too_many_connections'],
  [/^ERR DB index is out of range/, 'missing_database'],
  [/(^|-)LOADING /, 'starting_up'],
  [/(^|-)(READONLY|MISCONF|NOREPLICAS) /, 'read_only'],
  [/(^|-)OOM /, 'out_of_memory'],
  [/(^|-)(MASTERDOWN|CLUSTERDOWN|BUSY|UNKILLABLE|TRYAGAIN) /, 'server_error'],
  [/^DENIED /, 'refused'],
  [/^ERR Protocol error/, 'protocol'],
];

/** What ioredis says when there is no connection, or it has ended; the cause came as an event before. */
const noConnection =
  /^(Connection is closed|Stream isn't writeable|Command aborted due to connection close|Reached the max retries)/;

export const isNoConnection = (error: unknown): boolean =>
  error instanceof Error && noConnection.test(error.message);

/** What ioredis says when an answer is overdue. */
export const replyTimeout = 'Command timed out';

export const isReplyTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === replyTimeout;

/**
 * Whether an error in answer to PING shows a server that works for this user all the same: PING may be forbidden
 * to him, and Redis refuses it together with writes while it cannot save.
 */
export const answersAllTheSame = (error: unknown): boolean =>
  error instanceof Error && /^(NOPERM|MISCONF) /.test(error.message);

/** The reason that a failure of Redis gives; undefined for an error that the command or the caller earned. */
export function outageReason(error: unknown): FailureReason | undefined {
  if (!(error instanceof Error) || error instanceof AppError) return undefined;
  if (error.name === 'ReplyError') return replyReason(error);
  if (error.name === 'ParserError') return 'protocol';
  if (isReplyTimeout(error)) return 'timeout';
  if (isNoConnection(error)) return 'refused';
  // Aborts that the work brought along are no failure of Redis.
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return undefined;
  return networkFailureReason(error);
}

function replyReason(error: Error): FailureReason | undefined {
  const own = reasonByReply.find(([pattern]) => pattern.test(error.message))?.[1];
  if (own !== undefined) return own;
  const previous: unknown = Reflect.get(error, 'previousErrors');
  return Array.isArray(previous) ? previous.map(outageReason).find(Boolean) : undefined;
}

/** Why Redis does not work, by any error of ioredis. */
export function redisFailureReason(error: unknown): FailureReason {
  if (error instanceof DatastoreError) return error.reason;
  return outageReason(error) ?? networkFailureReason(error) ?? 'unknown';
}

/** Takes out the arguments of the command, which may be a password or a customer's data, before anything is logged. */
export function withoutArguments(error: unknown): unknown {
  if (error instanceof Error) {
    Reflect.deleteProperty(error, 'command');
    const previous: unknown = Reflect.get(error, 'previousErrors');
    if (Array.isArray(previous)) previous.forEach(withoutArguments);
  }
  return error;
}
