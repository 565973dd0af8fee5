import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { pause } from '@app/lifecycle';
import type { ServerLimits } from '@app/http';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Either writes a whole answer before it returns, and returns true, or leaves the request alone. */
export type Shortcut = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The HTTP server of the service. It listens before the application is loaded and hands each request to the
 * handler of the moment, unless the shortcut answers it; while draining it goes on accepting, and every answer asks
 * the client to come with a new connection next time.
 */
export class FrontDoor {
  readonly server: Server;
  readonly #inFlight = new Set<ServerResponse>();
  readonly #idleWaiters = new Set<() => void>();
  readonly #connections = new Set<Socket>();
  #handler: RequestHandler;
  #draining = false;

  constructor(limits: ServerLimits, early: RequestHandler, shortcut: Shortcut = () => false) {
    this.#handler = early;
    this.server = createServer({ ...limits });
    this.server.on('connection', (connection: Socket) => {
      this.#connections.add(connection);
      connection.once('close', () => this.#connections.delete(connection));
    });
    this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#draining) lastOnItsConnection(response);
      // What is answered at once is never in flight.
      if (shortcut(request, response)) return;
      this.#track(response);
      this.#handler(request, response);
    });
  }

  /** From now on requests go to this handler. */
  handOver(handler: RequestHandler): void {
    this.#handler = handler;
  }

  get requestsInFlight(): number {
    return this.#inFlight.size;
  }

  /** The requests in flight of whose answer nothing has been sent yet, by their responses. */
  get unanswered(): readonly ServerResponse[] {
    return [...this.#inFlight].filter(({ headersSent }) => !headersSent);
  }

  /** Goes on accepting; answers carry `Connection: close`, also those of requests that came before. */
  drain(): void {
    this.#draining = true;
    for (const response of this.#inFlight) lastOnItsConnection(response);
  }

  /** Instead of listening: from now on it can be given connections that another process has accepted. */
  openForTaking(): void {
    // With this event Node begins to keep account of connections, without which it neither ends the slow nor closes all.
    this.server.emit('listening');
  }

  /** Serves a connection that another process has accepted. */
  take(connection: Socket): void {
    // What the server itself would have set on accepting it. A client that has said its last waits for the answer.
    connection.allowHalfOpen = true;
    connection.setNoDelay(true);
    this.server.emit('connection', connection);
    connection.resume();
  }

  /** Takes no new connection. Those that are open stay, as a client may be sending on one right now. */
  stopAccepting(): void {
    // http.Server.close() would also reset kept-alive connections that are idle at this moment.
    if (this.server.listening) NetServer.prototype.close.call(this.server);
  }

  /** Resolves when no request is in flight; rejects with the signal's reason. */
  async requestsFinished(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#inFlight.size === 0) return;
    await new Promise<void>((resolve, reject) => {
      const finished = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = (): void => {
        this.#idleWaiters.delete(finished);
        reject(signal.reason as Error);
      };
      this.#idleWaiters.add(finished);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  /**
   * Resolves when every client has gone, or the time is over, or the signal aborts. A client whose answer said
   * `Connection: close` goes by itself, while one that is idle may be sending right now.
   */
  async clientsGone(longestMs: number, signal: AbortSignal): Promise<void> {
    const gone = new AbortController();
    const look = (): void => {
      if (this.#connections.size === 0) gone.abort();
    };
    // A closed connection is out of the account before this is called.
    for (const connection of this.#connections) connection.once('close', look);
    look();
    await pause(longestMs, gone.signal, signal);
  }

  /** Closes every connection, whatever it does. */
  closeConnections(): void {
    this.server.closeAllConnections();
  }

  #track(response: ServerResponse): void {
    this.#inFlight.add(response);
    response.once('close', () => {
      this.#inFlight.delete(response);
      if (this.#inFlight.size > 0) return;
      for (const finished of this.#idleWaiters) finished();
      this.#idleWaiters.clear();
    });
  }
}

function lastOnItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
