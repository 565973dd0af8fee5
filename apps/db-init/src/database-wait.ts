import { DatastoreError, type FailureReason } from '@app/errors';
import type { Logger } from '@app/logging';
import type { PostgresClient } from '@app/postgres';
import { DatabaseAbsentError } from './db-init.errors.js';

const lookMs = 1_000;

/**
 * Waits until PostgreSQL can be used, and logs each new reason why it cannot. Throws a DatabaseAbsentError after the
 * time, or the signal's reason.
 */
export async function waitForDatabase(
  postgres: PostgresClient,
  timeoutMs: number,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  let logged: FailureReason | undefined;
  postgres.connect();
  for (;;) {
    const leftMs = Math.max(0, Math.ceil(startedAt + timeoutMs - performance.now()));
    const look = AbortSignal.timeout(Math.min(leftMs, lookMs));
    try {
      await postgres.whenConnected(AbortSignal.any([signal, look]));
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DatastoreError)) throw error;
      if (leftMs <= lookMs) throw new DatabaseAbsentError(timeoutMs, error.reason, error);
      if (error.reason !== logged)
        logger.warn({ reason: error.reason, err: error.cause }, 'Waiting for PostgreSQL.');
      logged = error.reason;
    }
  }
}
