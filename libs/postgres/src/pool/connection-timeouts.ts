/** The server was silent for too long; the code makes it the timeout that it is. */
export class SilentConnectionError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(silenceMs: number) {
    super(`The server did not answer within ${String(silenceMs)} ms.`);
    this.name = 'SilentConnectionError';
  }
}

/** No connection could be opened in time; the code makes it the timeout that it is. */
export class ConnectTimeoutError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(timeoutMs: number) {
    super(`The server has not opened a connection within ${String(timeoutMs)} ms.`);
    this.name = 'ConnectTimeoutError';
  }
}
