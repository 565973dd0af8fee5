import { AppError, defineErrors, exitCodes } from '@app/errors';
import { sqlState } from './failure-reason.js';

export const postgresErrors = defineErrors({
  migration_failed: {
    kind: 'internal',
    title: 'A migration failed',
    advice: 'Nothing of it was kept. Mend the cause and run db-init again.',
    exitCode: exitCodes.failed,
  },
  migration_lock_lost: {
    kind: 'internal',
    title: 'The lock of the migrations was lost',
    advice: 'Run db-init again; what was migrated before stays.',
    exitCode: exitCodes.failed,
  },
});

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: lock_not_available */
const lockTimeout = '55P03';

/** A statement of a migration failed; its transaction was rolled back. */
export class MigrationError extends AppError {
  constructor(migration: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const locked = cause instanceof Error && sqlState(cause) === lockTimeout;
    super(postgresErrors.migration_failed, `The migration ${migration} failed: ${why}.`, {
      data: { migration },
      cause,
      ...(locked
        ? {
            advice:
              'Another session holds a lock that it needs: run db-init again when that session has ended.',
          }
        : {}),
    });
  }
}

/** The connection that held the lock ended, so that another process may have begun to migrate. */
export class MigrationLockLostError extends AppError {
  constructor(cause: unknown) {
    super(postgresErrors.migration_lock_lost, 'The connection that held the migrations’ lock ended.', {
      cause,
    });
  }
}
