import { DatastoreError, type FailureReason, networkFailureReason } from '@app/errors';
import { HttpError } from '@influxdata/influxdb-client';
import { InfluxQueryError, NotInfluxdbError } from './errors.js';
import { serverMessage } from './server-message.js';

/**
 * What 1.x says of itself, mostly while it stops: the texts of its query executor, store, shards and index. "not
 * executed" it answers to several statements of which one failed for such a reason.
 */
const serverTroubles = new RegExp(
  [
    'not executed|max-concurrent-queries|shutting down',
    'query (interrupted|aborted|engine shutdown)',
    '(store|engine|index) is clos(ed|ing)|shard is disabled|service closed',
    '(file|partition) (already )?closed',
  ].join('|'),
  'i',
);

/** What a statement's error says of the server; undefined where it is the statement that is wrong. */
export function statementFailureReason(message: string): FailureReason | undefined {
  if (/database not found|(bucket|organization) .*not found|retention policy not found/i.test(message))
    return 'missing_database';
  if (/not authorized|unauthorized|error authorizing|authentication/i.test(message)) return 'authentication';
  if (/timeout/i.test(message)) return 'timeout';
  return serverTroubles.test(message) ? 'server_error' : undefined;
}

function answerReason(error: HttpError): FailureReason {
  const { statusCode } = error;
  if (statusCode === 401 || statusCode === 403) return 'authentication';
  if (statusCode === 429 || statusCode >= 500) return 'server_error';
  return statementFailureReason(serverMessage(error) ?? '') ?? 'protocol';
}

/** Why InfluxDB does not work, by any error of this lib's calls. */
export function influxFailureReason(error: unknown): FailureReason {
  if (error instanceof DatastoreError) return error.reason;
  if (error instanceof HttpError) return answerReason(error);
  if (error instanceof NotInfluxdbError) return 'protocol';
  if (error instanceof InfluxQueryError) return statementFailureReason(error.serverMessage) ?? 'server_error';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return 'protocol';
  return networkFailureReason(error) ?? 'unknown';
}
