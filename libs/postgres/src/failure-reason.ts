import { type FailureReason, networkFailureReason } from '@app/errors';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html; only those that say that the server does not work. */
const reasonBySqlState: Readonly<Record<string, FailureReason>> = {
  '08000': 'refused',
  '08001': 'refused',
  '08003': 'refused',
  '08004': 'refused',
  '08006': 'refused',
  '08P01': 'protocol',
  '25006': 'read_only',
  '28000': 'authentication',
  '28P01': 'authentication',
  '3D000': 'missing_database',
  '53200': 'out_of_memory',
  '53300': 'too_many_connections',
  '57P01': 'refused',
  '57P02': 'refused',
  '57P03': 'starting_up',
  '57P05': 'refused',
};

/** PgBouncer sends 08P01 for nearly everything, and PostgreSQL 57P03 also while it shuts down: the text tells more. */
const vagueSqlStates = new Set(['08P01', '57P03']);

/** The texts of pg, pg-pool, TypeORM, PgBouncer and, where the code is vague, PostgreSQL. */
const reasonByText: readonly (readonly [RegExp, FailureReason])[] = [
  [/too many clients|no more connections allowed|max_client_conn/i, 'too_many_connections'],
  [/no such database|^database ".*" does not exist/, 'missing_database'],
  [/no such user|auth(entication)? failed|^SASL/i, 'authentication'],
  [/does not support SSL|establishing an SSL connection/, 'tls'],
  [/query_wait_timeout|timeout exceeded when trying to connect|timeout expired/, 'timeout'],
  [/due to connection timeout|query read timeout/i, 'timeout'],
  [/server_login_retry|server login has been failing|client_login_timeout/, 'refused'],
  [/cannot connect to server|server conn crashed|shutting down/, 'refused'],
  [/^Connection terminated|is not queryable|calling end on the pool|Driver not Connected/, 'refused'],
  // The connection was lost between two statements of a transaction.
  [/query runner (was )?already released/i, 'refused'],
  [/received invalid response|Received unexpected|Unknown authenticationOk/, 'protocol'],
];

/**
 * Why the server or the way to it does not work, or undefined for an error that a statement has earned, as a unique
 * violation. Reads the errors of pg and TypeORM.
 */
export function connectionFailureReason(error: unknown): FailureReason | undefined {
  const network = networkFailureReason(error);
  if (network !== undefined || !(error instanceof Error)) return network;
  const state = sqlState(error);
  const byState = state === undefined ? undefined : reasonBySqlState[state];
  if (state !== undefined && !vagueSqlStates.has(state)) return byState;
  return reasonByText.find(([text]) => text.test(error.message))?.[1] ?? byState;
}

/** The reason of any error: one that the server itself has sent is at least a `server_error`. */
export function postgresFailureReason(error: unknown): FailureReason {
  const answered = error instanceof Error && sqlState(error) !== undefined;
  return connectionFailureReason(error) ?? (answered ? 'server_error' : 'unknown');
}

/** PostgreSQL's five characters; Node's own codes of that length begin with an E, which SQLSTATEs never do. */
export function sqlState(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : '';
  return /^(?!E)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
