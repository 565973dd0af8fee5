import { type ClientConfig, Connection } from 'pg';
import { Deadline } from './deadline.js';

declare module 'pg' {
  /** What the types leave out of pg's connection. */
  interface Connection {
    connect(port: number, host: string): void;
    requestSsl(): void;
    cancel(processID: number, secretKey: number): void;
  }
}

/** By which the server knows the session whose statement is to be cancelled: its message BackendKeyData. */
export interface CancelKey {
  readonly processId: number;
  readonly secretKey: number;
}

/**
 * Asks the server, on a connection of its own, to cancel what a session does; with TLS where the session has it, which
 * pg's own way lacks. The server answers nothing and closes the connection once it has dealt with the request:
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 *
 * Resolves with whether it has done so within that time, in milliseconds; the statement then fails with 57014, unless
 * it was done already.
 */
export async function requestCancel(
  config: ClientConfig,
  { processId, secretKey }: CancelKey,
  timeoutMs: number,
): Promise<boolean> {
  const { promise: outcome, resolve } = Promise.withResolvers<boolean>();
  const connection = new Connection({ ssl: config.ssl });
  const giveUp = (): void => {
    resolve(false);
    connection.stream.destroy();
  };
  const ask = (): void => {
    connection.once('end', () => resolve(true));
    connection.cancel(processId, secretKey);
  };
  const deadline = new Deadline(timeoutMs, giveUp);
  connection
    .on('connect', () => (config.ssl ? connection.requestSsl() : ask()))
    .on('sslconnect', ask)
    .on('error', giveUp);
  connection.connect(config.port ?? 5432, config.host ?? 'localhost');
  const isDealtWith = await outcome;
  deadline.clear();
  return isDealtWith;
}
