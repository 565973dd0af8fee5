import { AppError, defineErrors } from '@app/errors';

export const poolErrors = defineErrors({
  postgres_pool_exhausted: {
    kind: 'unavailable',
    title: 'No PostgreSQL connection became free in time',
    advice:
      'Send the request again after the time in Retry-After. If this lasts, look for slow statements and transactions ' +
      'that stay open, or raise DB_POOL_SIZE or DB_MAX_OVERFLOW as far as the server has connections.',
  },
  postgres_statement_timeout: {
    kind: 'unavailable',
    title: 'A statement ran too long and was cancelled',
    advice:
      'Send the request again after the time in Retry-After. If this lasts, mend the statement that the log names, or ' +
      'raise DB_STATEMENT_TIMEOUT.',
  },
});

/** The pool as it was when a request had waited for too long. */
export interface PoolUse {
  /** DB_POOL_SIZE. */
  readonly poolSize: number;
  /** DB_MAX_OVERFLOW. */
  readonly maxOverflow: number;
  readonly inUse: number;
  /** With the request that gives up. */
  readonly waiting: number;
}

/** Others have used all connections for as long as a request may wait. */
export class PoolTimeoutError extends AppError {
  /** @param timeoutMs DB_POOL_TIMEOUT. */
  constructor(timeoutMs: number, use: PoolUse) {
    const { poolSize, maxOverflow, inUse, waiting } = use;
    super(
      poolErrors.postgres_pool_exhausted,
      `No PostgreSQL connection became free within ${String(timeoutMs)} ms (DB_POOL_TIMEOUT): ${String(inUse)} of at most ` +
        `${String(poolSize + maxOverflow)} are in use (DB_POOL_SIZE ${String(poolSize)} + DB_MAX_OVERFLOW ` +
        `${String(maxOverflow)}), ${String(waiting)} waiting.`,
      { data: { ...use } },
    );
  }
}

/** A statement ran for longer than it may. */
export class StatementTimeoutError extends AppError {
  /** @param timeoutMs DB_STATEMENT_TIMEOUT. */
  constructor(timeoutMs: number, cause: unknown) {
    super(
      poolErrors.postgres_statement_timeout,
      `A statement ran for longer than ${String(timeoutMs)} ms (DB_STATEMENT_TIMEOUT) and was cancelled.`,
      { data: { timeoutMs }, cause },
    );
  }
}
