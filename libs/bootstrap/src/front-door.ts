import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
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
  #handler: RequestHandler;
  #draining = false;

  constructor(limits: ServerLimits, early: RequestHandler, shortcut: Shortcut = () => false) {
    this.#handler = early;
    this.server = createServer({ ...limits });
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
