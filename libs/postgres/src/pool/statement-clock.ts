import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SilentConnectionError } from './connection-timeouts.js';
import { Deadline } from './deadline.js';

/** How long a server that works may take to cancel a statement, in milliseconds. */
export const cancelGraceMs = 2_000;

/** In milliseconds; undefined: for ever. */
export interface StatementBounds {
  /** How long a statement may run before the server is asked to cancel it. */
  readonly statementTimeoutMs: number | undefined;
  /** How long the server may be silent while a statement runs, where that has no timeout. */
  readonly silenceMs: number | undefined;
}

interface Wire {
  stream(): Duplex;
  /** Resolves with whether the server has dealt with the request. */
  cancel(timeoutMs: number): Promise<boolean>;
}

/**
 * Bounds the statement that runs on a connection. One that takes too long is cancelled; where that has no effect within
 * two seconds, or the server is silent for too long, the connection is destroyed with a SilentConnectionError.
 */
export class StatementClock {
  readonly #bounds: StatementBounds;
  readonly #wire: Wire;
  #deadline: Deadline | undefined;
  #cancelled: Promise<void> | undefined;
  #cancelledAfterMs: number | undefined;
  /** A statement that waits for the end of a cancel request; its time has not begun. */
  #isHeld = false;
  readonly #silent = (): void => this.#destroy(this.#bounds.silenceMs ?? 0);

  constructor(bounds: StatementBounds, wire: Wire) {
    this.#bounds = bounds;
    this.#wire = wire;
  }

  /** The statement that runs was asked to end after this time. */
  get cancelledAfterMs(): number | undefined {
    return this.#cancelledAfterMs;
  }

  get isCancelling(): boolean {
    return this.#cancelled !== undefined;
  }

  /** Resolves when no cancel request is on its way. */
  get cancelled(): Promise<void> {
    return this.#cancelled ?? Promise.resolve();
  }

  begin(): void {
    if (this.isCancelling) this.#isHeld = true;
    else this.#start();
  }

  end(): void {
    this.#isHeld = false;
    this.#deadline?.clear();
    this.#cancelledAfterMs = undefined;
    this.#stopListening();
  }

  #start(): void {
    const { statementTimeoutMs } = this.#bounds;
    if (statementTimeoutMs === undefined) return this.#listen();
    this.#deadline?.clear();
    this.#deadline = new Deadline(statementTimeoutMs, () => this.#expire(statementTimeoutMs));
  }

  #expire(afterMs: number): void {
    this.#cancelledAfterMs = afterMs;
    this.#deadline = new Deadline(cancelGraceMs, () => this.#destroy(afterMs + cancelGraceMs));
    this.#cancelled = this.#cancel(afterMs);
  }

  /** Meanwhile nothing is sent: a statement that followed one that ended just now would be cancelled in its place. */
  async #cancel(afterMs: number): Promise<void> {
    const stream = this.#wire.stream();
    stream.cork();
    const dealtWith = await this.#wire.cancel(cancelGraceMs);
    this.#cancelled = undefined;
    if (!dealtWith) return this.#destroy(afterMs + cancelGraceMs);
    stream.uncork();
    if (this.#isHeld) this.#start();
    this.#isHeld = false;
  }

  #listen(): void {
    const { silenceMs } = this.#bounds;
    if (silenceMs === undefined) return;
    this.#stopListening();
    this.#socket?.setTimeout(silenceMs, this.#silent);
  }

  #stopListening(): void {
    if (this.#bounds.silenceMs !== undefined) this.#socket?.setTimeout(0, this.#silent);
  }

  get #socket(): Socket | undefined {
    const stream = this.#wire.stream();
    return stream instanceof Socket ? stream : undefined;
  }

  #destroy(silenceMs: number): void {
    this.#wire.stream().destroy(new SilentConnectionError(silenceMs));
  }
}
