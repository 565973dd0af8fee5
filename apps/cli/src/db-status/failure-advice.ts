import type { FailureReason } from '@app/errors';

/** What an operator does about a datastore that does not work for this reason. */
export const failureAdvice: Readonly<Record<FailureReason, string>> = {
  pending: 'Ask again in a moment.',
  dns: 'Correct the host in its URL, or the name service.',
  refused: 'Start the server, or correct host and port in its URL.',
  timeout: 'Look whether a firewall drops the connection, or the server is overloaded or stopped.',
  authentication: 'Correct user and password in its URL, or its token.',
  tls: 'Give the authority that signed its certificate as DATASTORE_CA, or correct the URL (host, sslmode, rediss, https).',
  missing_database: 'Create the database or bucket; db-init does where it may.',
  too_many_connections:
    'Raise its limit of connections, or lower DB_POOL_SIZE, DB_MAX_OVERFLOW or WORKER_PROCESSES.',
  starting_up: 'Wait until the server has started.',
  read_only: 'Connect to the primary, or end the recovery; reads work meanwhile.',
  out_of_memory: 'Give the server more memory or disk; reads work meanwhile.',
  server_error: 'Read the log of the server.',
  protocol: 'Look whether its URL leads to a server of this kind.',
  unknown: 'Read the message, and the log of the server.',
};
