import { type ClientConfig, Connection, DatabaseError, type ExecuteConfig } from 'pg';
import { requestCancel, type CancelKey } from './cancel-request.js';
import { StatementCancelledError } from './statement-cancelled.error.js';
import { StatementClock, type StatementBounds } from './statement-clock.js';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: query_canceled */
const queryCancelled = '57014';

/** Errors that end the session, in case that the severity is told in another language. */
const fatalState = /^(08|57P)/;

interface KeyMessage {
  readonly processID: number;
  readonly secretKey: number;
}

/**
 * pg's connection, which knows when a statement runs: from the moment it is sent until the server is ready for the next
 * one, or has stopped in the middle of a cursor. So every statement is bounded, whoever sends it and by which way of pg,
 * and none of it is told to the server, since PgBouncer refuses `statement_timeout` as a start-up parameter.
 */
export class StatementConnection extends Connection {
  readonly #clock: StatementClock;
  readonly #config: ClientConfig;
  #key: CancelKey | undefined;
  #isRunning = false;
  #isDoomed = false;

  constructor(config: ClientConfig, bounds: StatementBounds) {
    super(config);
    this.#config = config;
    this.#clock = new StatementClock(bounds, {
      // Not a field: with TLS the stream becomes another.
      stream: () => this.stream,
      cancel: (timeoutMs) => this.#cancel(timeoutMs),
    });
  }

  /** Nothing runs on it, and no cancel request is on its way that could still hit a later statement. */
  get isQuiet(): boolean {
    return !this.#isRunning && !this.#clock.isCancelling;
  }

  /** The server has said that it ends the session. */
  get isDoomed(): boolean {
    return this.#isDoomed;
  }

  /** Resolves when it is quiet or has ended. */
  async whenQuiet(): Promise<void> {
    if (this.#isRunning) {
      await new Promise<void>((resolve) => {
        this.once('readyForQuery', () => resolve()).once('end', () => resolve());
      });
    }
    await this.#clock.cancelled;
  }

  override query(text: string): void {
    this.#begin();
    super.query(text);
  }

  override execute(config: ExecuteConfig | null, more: boolean): void {
    this.#begin();
    super.execute(config, more);
  }

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    switch (event) {
      case 'readyForQuery':
      case 'portalSuspended':
      case 'end':
        this.#end();
        return super.emit(event, ...args);
      case 'backendKeyData':
        this.#keepKey(args[0] as KeyMessage);
        return super.emit(event, ...args);
      case 'errorMessage':
        return super.emit(event, this.#read(args[0] as DatabaseError));
      default:
        return super.emit(event, ...args);
    }
  }

  #begin(): void {
    this.#isRunning = true;
    this.#clock.begin();
  }

  #end(): void {
    this.#isRunning = false;
    this.#clock.end();
  }

  #keepKey({ processID, secretKey }: KeyMessage): void {
    this.#key = { processId: processID, secretKey };
  }

  #read(error: DatabaseError): DatabaseError {
    const { severity = '', code = '' } = error;
    if (severity === 'FATAL' || severity === 'PANIC' || fatalState.test(code)) this.#isDoomed = true;
    const { cancelledAfterMs } = this.#clock;
    return code === queryCancelled && cancelledAfterMs !== undefined
      ? new StatementCancelledError(cancelledAfterMs, error)
      : error;
  }

  #cancel(timeoutMs: number): Promise<boolean> {
    return this.#key === undefined
      ? Promise.resolve(false)
      : requestCancel(this.#config, this.#key, timeoutMs);
  }
}
