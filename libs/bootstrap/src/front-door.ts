import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { AppError, coreErrors } from '@app/errors';
import type { ServerLimits } from '@app/http';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly limits: ServerLimits;
}

/**
 * The HTTP server of the service. It listens before the application is loaded and hands each request to the
 * handler of the moment; while draining it goes on accepting, and every answer asks the client to come with a
 * new connection next time.
 */
export class FrontDoor {
  readonly server: Server;
  readonly #options: FrontDoorOptions;
  readonly #inFlight = new Set<ServerResponse>();
  readonly #idleWaiters = new Set<() => void>();
  #handler: RequestHandler;
  #draining = false;

  constructor(options: FrontDoorOptions, early: RequestHandler) {
    this.#options = options;
    this.#handler = early;
    this.server = createServer({ ...options.limits });
    this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#track(response);
      this.#handler(request, response);
    });
  }

  /** Listens and returns the port. Throws `port_in_use` or `configuration_invalid` for an address that cannot be had. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
      this.server.once('error', failed);
      this.server.listen({ host, port }, () => {
        this.server.off('error', failed);
        resolve();
      });
    });
    const address = this.server.address() as AddressInfo;
    return address.port;
  }

  /** From now on requests go to this handler. */
  handOver(handler: RequestHandler): void {
    this.#handler = handler;
  }

  get requestsInFlight(): number {
    return this.#inFlight.size;
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
    if (this.#draining) lastOnItsConnection(response);
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

function listenError(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  const at = `${host}:${String(port)}`;
  if (error.code === 'EADDRINUSE') {
    return new AppError(coreErrors.port_in_use, `Another program listens on ${at} (PORT).`, {
      data: { port },
    });
  }
  return new AppError(
    coreErrors.configuration_invalid,
    `The service cannot listen on ${at} (${error.code ?? error.message}).`,
    {
      advice: 'Set HOST to an address of this machine and PORT to a port that this user may open.',
      cause: error,
    },
  );
}
