import { Socket } from 'node:net';
import { type Client, Pool as PgPool, type PoolConfig } from 'pg';

/** A connection in use was silent for too long; the code makes it the timeout that it is. */
export class SilentConnectionError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(silenceMs: number) {
    super(`The server did not answer within ${silenceMs} ms.`);
    this.name = 'SilentConnectionError';
  }
}

/**
 * pg's pool, with a bound for two waits that pg leaves open: a statement on a server that has stopped answering, and
 * a goodbye to it.
 */
export class Pool extends PgPool {
  readonly #sockets: ReadonlySet<Socket>;

  /** @param silenceMs How long the server may say nothing on a connection in use, in milliseconds; undefined: for ever. */
  constructor(options: PoolConfig, silenceMs: number | undefined) {
    const sockets = new Set<Socket>();
    super({ ...options, stream: () => remembered(sockets) });
    this.#sockets = sockets;
    if (silenceMs === undefined) return;
    this.on('connect', ({ connection: { stream } }) =>
      stream.on('timeout', () => stream.destroy(new SilentConnectionError(silenceMs))),
    );
    this.on('acquire', (client) => setSilence(client, silenceMs));
    this.on('release', (_error, client) => setSilence(client, 0));
  }

  /** Ends every connection at once, also those being opened. */
  destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function remembered(sockets: Set<Socket>): Socket {
  const socket = new Socket();
  sockets.add(socket);
  return socket.once('close', () => sockets.delete(socket));
}

function setSilence({ connection: { stream } }: Client, ms: number): void {
  // Not the socket that was made above: with TLS the one around it is in use.
  if (stream instanceof Socket) stream.setTimeout(ms);
}

/** Stands for the module `pg` in TypeORM's options, and keeps the pool that TypeORM makes with it. */
export class PoolDriver {
  /** The latest pool; TypeORM makes another for each attempt to initialize. */
  pool: Pool | undefined;
  /** Told when the server ends a connection that nobody uses. */
  onError: (error: Error) => void = () => undefined;
  readonly Pool: new (options: PoolConfig) => Pool;

  constructor(silenceMs: number | undefined) {
    const keep = (pool: Pool): void => {
      this.pool = pool.on('error', (error) => this.onError(error));
    };
    this.Pool = class extends Pool {
      constructor(options: PoolConfig) {
        super(options, silenceMs);
        keep(this);
      }
    };
  }

  /** Ends the pool of an attempt that failed. TypeORM may have left a connection in use, for which nobody should wait. */
  abandon(): void {
    if (this.pool === undefined || this.pool.ending) return;
    this.pool.end(() => undefined);
    this.pool.destroySockets();
  }
}
