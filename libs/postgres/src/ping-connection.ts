import { DatastoreError } from '@app/errors';
import { type Clock, type PingResult, systemClock, until } from '@app/lifecycle';
import type { Client, ClientConfig } from 'pg';
import { endConnection } from './end-connection.js';
import { postgresFailureReason } from './failure-reason.js';
import { Login } from './login.js';
import { askServer } from './server-question.js';

/** How long the connection is kept, in milliseconds: long enough to be cheap, short enough to notice a changed password. */
const renewAfterMs = 60_000;

interface Connection {
  readonly client: Client;
  readonly openedAt: number;
  /** No other could be opened beside it, so that its answers do not tell the whole. */
  doubted: boolean;
}

/**
 * Asks the server how it is, on a connection of its own, so that a busy pool is no failing server. The connection is
 * kept between pings and opened anew every minute, so that changed credentials and a server out of connections show.
 *
 * A login takes several answers of the server, a ping one. So that a server which is slow, but fast enough for each
 * answer, does not count as one that is away, a login that makes progress goes on beyond its ping, within
 * `connectionTimeoutMillis`, and the connection that is kept answers for the server until the next one is open.
 */
export class PingConnection {
  readonly #options: ClientConfig;
  readonly #failed: (error: unknown) => void;
  readonly #clock: Clock;
  #kept: Connection | undefined;
  /** One that goes on without a ping. */
  #login: Login | undefined;
  #closed = false;

  /** @param failed Told when the server ends the connection while it is kept, or lets no other be opened beside it. */
  constructor(options: ClientConfig, failed: (error: unknown) => void, clock: Clock = systemClock) {
    this.#options = options;
    this.#failed = failed;
    this.#clock = clock;
  }

  /** Throws a DatastoreError; its reason is `timeout` when the signal has aborted. */
  async ping(signal: AbortSignal): Promise<PingResult> {
    try {
      signal.throwIfAborted();
      return await this.#pingOnce(signal);
    } catch (error) {
      const reason = signal.aborted ? 'timeout' : postgresFailureReason(error);
      throw new DatastoreError('postgres', reason, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#takeLogin()?.end();
    const kept = this.#takeKept();
    if (kept !== undefined) await endConnection(kept.client);
  }

  /** Whoever pings at the same time opens another connection: none waits for the other, or fails with it. */
  #takeKept(): Connection | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  #takeLogin(): Login | undefined {
    const login = this.#login;
    this.#login = undefined;
    return login;
  }

  async #pingOnce(signal: AbortSignal): Promise<PingResult> {
    const kept = this.#takeKept();
    if (kept === undefined) return this.#askAnew(signal);
    if (kept.doubted) {
      try {
        // Before the old one is given up: a server that has no other to spare is to be seen.
        return await this.#askAnew(signal);
      } finally {
        await endConnection(kept.client);
      }
    }
    if (this.#clock.now() - kept.openedAt >= renewAfterMs) this.#renew(kept);
    try {
      return await this.#ask(kept, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      // The connection may have died with a server that is long back: only a new one tells how it is now.
      return this.#askAnew(signal);
    }
  }

  /** Opens the next connection while this one goes on answering. */
  #renew(kept: Connection): void {
    if (this.#login !== undefined) return;
    this.#goOn(this.#logIn(), (error) => {
      kept.doubted = true;
      this.#failed(error);
    });
  }

  async #askAnew(signal: AbortSignal): Promise<PingResult> {
    const login = this.#takeLogin() ?? this.#logIn();
    const received = login.received;
    try {
      const { client, result } = await until(login.opened, signal);
      await this.#keep(this.#fresh(client));
      return result;
    } catch (error) {
      const isAtWork = signal.aborted && login.received > received;
      if (isAtWork && !this.#closed && this.#login === undefined) this.#goOn(login);
      else login.end();
      throw error;
    }
  }

  #logIn(): Login {
    return new Login(this.#options, (client, error) => {
      // An error during a ping is the ping's to tell.
      if (this.#kept?.client !== client) return;
      this.#kept = undefined;
      this.#failed(error);
    });
  }

  #fresh(client: Client): Connection {
    return { client, openedAt: this.#clock.now(), doubted: false };
  }

  /** Lets a login go on without a ping; the next one that needs a connection takes it over. */
  #goOn(login: Login, failed: (error: unknown) => void = () => undefined): void {
    this.#login = login;
    login.opened.then(
      ({ client }) => this.#endOfLogin(login, () => this.#replace(client)),
      (error: unknown) =>
        this.#endOfLogin(login, () => {
          login.end();
          failed(error);
        }),
    );
  }

  /** Unless a ping has taken it over, whose it then is. */
  #endOfLogin(login: Login, end: () => void): void {
    if (this.#login !== login) return;
    this.#login = undefined;
    end();
  }

  #replace(client: Client): void {
    const older = this.#takeKept();
    this.#kept = this.#fresh(client);
    if (older !== undefined) void endConnection(older.client);
  }

  async #ask(connection: Connection, signal: AbortSignal): Promise<PingResult> {
    const { client } = connection;
    const result = await withAbort(client, signal, () => askServer(client));
    await this.#keep(connection);
    return result;
  }

  async #keep(connection: Connection): Promise<void> {
    if (this.#closed || this.#kept !== undefined) await endConnection(connection.client);
    else this.#kept = connection;
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
