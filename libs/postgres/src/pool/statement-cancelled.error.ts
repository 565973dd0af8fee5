import { DatabaseError } from 'pg';

/** The server has cancelled the statement because it ran too long; with all that the server says, as the code 57014. */
export class StatementCancelledError extends DatabaseError {
  /** @param afterMs How long the statement was allowed to run, in milliseconds. */
  constructor(
    readonly afterMs: number,
    answer: DatabaseError,
  ) {
    super(`the statement was cancelled after ${String(afterMs)} ms`, answer.length, answer.name);
    Object.assign(this, answer);
  }
}
