import { DatastoreError } from '@app/errors';
import { type Clock, type PingResult, systemClock } from '@app/lifecycle';
import { Client, type ClientConfig } from 'pg';
import { endConnection } from './end-connection.js';
import { postgresFailureReason } from './failure-reason.js';

/** How long the connection is kept, in milliseconds: long enough to be cheap, short enough to notice a changed password. */
const renewAfterMs = 60_000;

interface Connection {
  readonly client: Client;
  readonly openedAt: number;
}

interface Answer {
  readonly version: string;
  readonly in_recovery: boolean;
  readonly read_only: boolean;
  readonly connections: number;
  readonly max_connections: number;
}

/** numbackends, for pg_stat_activity hides the kind of other users' backends from ordinary ones. */
const question = `
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
         pg_is_in_recovery() AS in_recovery,
         current_setting('transaction_read_only')::bool AS read_only,
         (SELECT sum(numbackends)::int FROM pg_stat_database) AS connections,
         current_setting('max_connections')::int AS max_connections`;

/**
 * Asks the server how it is, on a connection of its own, so that a busy pool is no failing server. The connection is
 * kept between pings and opened anew every minute, so that changed credentials and a server out of connections show.
 */
export class PingConnection {
  readonly #options: ClientConfig;
  readonly #lost: (error: Error) => void;
  readonly #clock: Clock;
  #kept: Connection | undefined;
  #closed = false;

  /** @param lost Told when the server ends the connection while it is kept. */
  constructor(options: ClientConfig, lost: (error: Error) => void, clock: Clock = systemClock) {
    this.#options = options;
    this.#lost = lost;
    this.#clock = clock;
  }

  /** Throws a DatastoreError; its reason is `timeout` when the signal has aborted. */
  async ping(signal: AbortSignal): Promise<PingResult> {
    try {
      signal.throwIfAborted();
      return await this.#pingOnce(this.#take(), signal);
    } catch (error) {
      const reason = signal.aborted ? 'timeout' : postgresFailureReason(error);
      throw new DatastoreError('postgres', reason, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) await endConnection(kept.client);
  }

  /** Whoever pings at the same time opens another connection: none waits for the other, or fails with it. */
  #take(): Connection | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  async #pingOnce(kept: Connection | undefined, signal: AbortSignal): Promise<PingResult> {
    if (kept === undefined) return this.#ask(await this.#open(signal), signal);
    const age = this.#clock.now() - kept.openedAt;
    if (age >= renewAfterMs) {
      try {
        // Before the old one is given up: a server that has no other to spare is to be seen.
        return await this.#pingOnce(undefined, signal);
      } finally {
        await endConnection(kept.client);
      }
    }
    try {
      return await this.#ask(kept, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      // The connection may have died with a server that is long back: only a new one tells how it is now.
      return this.#pingOnce(undefined, signal);
    }
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const client = new Client(this.#options);
    client.on('error', (error: Error) => this.#failed(client, error));
    await withAbort(client, signal, () => client.connect());
    return { client, openedAt: this.#clock.now() };
  }

  async #ask(connection: Connection, signal: AbortSignal): Promise<PingResult> {
    const { client } = connection;
    const { rows } = await withAbort(client, signal, () => client.query<Answer>(question));
    if (this.#closed || this.#kept !== undefined) await endConnection(client);
    else this.#kept = connection;
    const [answer] = rows;
    if (answer === undefined) throw new Error('Received unexpected emptiness.');
    return {
      version: answer.version,
      ...(answer.read_only ? { degraded: 'read_only' as const } : {}),
      facts: {
        inRecovery: answer.in_recovery,
        connections: answer.connections,
        maxConnections: answer.max_connections,
      },
    };
  }

  #failed(client: Client, error: Error): void {
    // An error during a ping is the ping's to tell.
    if (this.#kept?.client !== client) return;
    this.#kept = undefined;
    this.#lost(error);
  }
}

/** Destroys the connection when the signal aborts, since a stopped server accepts and never answers, or when work fails. */
async function withAbort<Result>(
  client: Client,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  const destroy = (): unknown => client.connection.stream.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', destroy);
  }
}
