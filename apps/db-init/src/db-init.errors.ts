import { AppError, coreErrors, defineErrors, exitCodes, type FailureReason } from '@app/errors';

export const dbInitErrors = defineErrors({
  seed_file_unreadable: {
    kind: 'internal',
    title: 'The seed file cannot be read',
    advice: 'Correct INIT_SEED_FILE, or leave it empty to seed nothing.',
    exitCode: exitCodes.failed,
  },
  init_status_unwritable: {
    kind: 'internal',
    title: 'The status file of db-init cannot be written',
    advice:
      'Give db-init write access to the folder of INIT_STATUS_FILE, or let the backend ask the database: INIT_WAIT=database.',
    exitCode: exitCodes.failed,
  },
  init_interrupted: {
    kind: 'internal',
    title: 'db-init was told to end before it was done',
    advice: 'Run db-init again; it goes on where it has ended.',
    exitCode: exitCodes.failed,
  },
});

const causeOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** INIT_SEED_FILE is not there, may not be read, or is not JSON. */
export class SeedFileError extends AppError {
  constructor(path: string, cause: unknown) {
    super(dbInitErrors.seed_file_unreadable, `The seed file ${path} cannot be read: ${causeOf(cause)}.`, {
      cause,
    });
  }
}

/** The backend waits for the status file, and would wait in vain. */
export class StatusFileError extends AppError {
  constructor(path: string, cause: unknown) {
    const detail = `The status file ${path} cannot be written: ${causeOf(cause)}.`;
    super(dbInitErrors.init_status_unwritable, detail, { cause });
  }
}

/** A signal ended db-init. */
export class InterruptedError extends AppError {
  constructor(signal: string) {
    super(dbInitErrors.init_interrupted, `db-init was interrupted by ${signal}.`, { data: { signal } });
  }
}

/** PostgreSQL did not answer within STARTUP_TIMEOUT. */
export class DatabaseAbsentError extends AppError {
  constructor(waitedMs: number, reason: FailureReason, cause: unknown) {
    const detail = `After ${Math.round(waitedMs / 1_000)} s db-init still waits for: postgres (${reason}).`;
    super(coreErrors.startup_timeout, detail, {
      data: { waitedMs, dependencies: [`postgres (${reason})`] },
      cause,
    });
  }
}
