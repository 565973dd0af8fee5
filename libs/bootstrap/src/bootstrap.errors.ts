import { AppError, coreErrors } from '@app/errors';
import type { PreflightFinding } from '@app/lifecycle';

/** The start took longer than STARTUP_TIMEOUT. */
export class StartupTimeoutError extends AppError {
  constructor(
    readonly waitedMs: number,
    /** What was waited for, as `postgres (refused)`. */
    readonly dependencies: readonly string[],
  ) {
    super(
      coreErrors.startup_timeout,
      `After ${String(Math.round(waitedMs / 1000))} s the service still waits for: ${dependencies.join(', ') || 'its own start'}.`,
      { data: { waitedMs, dependencies } },
    );
  }
}

/** The init job has failed; waiting longer is of no use. */
export class InitFailedError extends AppError {
  constructor(reason: string) {
    super(coreErrors.init_failed, `db-init failed: ${reason}.`);
  }
}

/** A preflight check found that this configuration cannot work. */
export class PreflightError extends AppError {
  constructor(readonly findings: readonly PreflightFinding[]) {
    super(coreErrors.configuration_invalid, findings.map((finding) => finding.detail).join(' '), {
      advice: findings.map((finding) => finding.advice).join(' '),
      data: { findings: findings.map((finding) => finding.code) },
    });
  }
}

/** Requests in flight took longer than their share of the shutdown, and were answered with 503. */
export class UnfinishedRequestsError extends AppError {
  /** @param requests As `GET /api/v1/quotes/A`. */
  constructor(readonly requests: readonly string[]) {
    super(
      coreErrors.internal_error,
      `${String(requests.length)} requests were not finished in time and have been answered with 503.`,
      { advice: 'Look which datastore they waited for, or raise SHUTDOWN_TIMEOUT.', data: { requests } },
    );
  }
}

/** A shutdown step threw, or did not end within its share of the time. */
export class ShutdownStepError extends AppError {
  constructor(
    readonly step: string,
    readonly shareMs: number,
    readonly overran: boolean,
    cause?: unknown,
  ) {
    super(
      coreErrors.internal_error,
      overran
        ? `The shutdown step "${step}" did not end within its ${String(shareMs)} ms.`
        : `The shutdown step "${step}" failed.`,
      { advice: 'Look at the cause, or raise SHUTDOWN_TIMEOUT.', data: { step, shareMs }, cause },
    );
  }
}
