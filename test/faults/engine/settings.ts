import type { Environment } from '../../support/programs.js';
import type { FaultName } from './cell.js';

/** How the backends under test check their datastores, in milliseconds. */
export interface Checks {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** By how much a slow datastore answers later, in milliseconds. */
export const slownessMs = 1_000;

export const drainDelayMs = 2_000;

/** Requests get half of what the drain delay leaves; over a slow datastore they may take 5 s. */
export const shutdownTimeoutMs = (fault: FaultName): number => (fault === 'slow' ? 14_000 : 8_000);

/** A datastore that is slow, but faster than HEALTH_CHECK_TIMEOUT with its default of 2 s, is not one that fails. */
export const checksFor = (fault: FaultName): Checks =>
  fault === 'slow'
    ? { intervalMs: 2_000, timeoutMs: 2_000, retries: 2 }
    : { intervalMs: 1_000, timeoutMs: 1_000, retries: 2 };

/** In milliseconds, as the documentation promises them for these intervals. */
export const bounds = {
  down: ({ intervalMs, timeoutMs, retries }: Checks): number => intervalMs + retries * (timeoutMs + 1_000),
  /** A check comes within a second after a failure; the other second is for the check and the machine. */
  up: 2_000,
  /** From a datastore's answering to serving. */
  serve: 2_000,
  /** The same over a PostgreSQL that is slow: a check and the pool log in, in four answers each, and attempts are made anew. */
  slowLogins: 20_000,
  /** From the signal to a red readiness. */
  draining: 500,
  /** From the signal to the end; half a second is for the process to end and to be seen to have ended. */
  exit: (fault: FaultName): number => shutdownTimeoutMs(fault) + 500,
  /** SIGTERM while it starts. */
  exitOfStart: 2_000,
  /** A route that knows its datastore to be down. */
  refusal: 500,
} as const;

export function settings(fault: FaultName): Environment {
  const { intervalMs, timeoutMs, retries } = checksFor(fault);
  const patience = fault === 'slow' ? '5s' : '1s';
  return {
    HEALTH_CHECK_INTERVAL: `${String(intervalMs)}ms`,
    HEALTH_CHECK_TIMEOUT: `${String(timeoutMs)}ms`,
    HEALTH_CHECK_RETRIES: String(retries),
    SHUTDOWN_DRAIN_DELAY: `${String(drainDelayMs)}ms`,
    SHUTDOWN_TIMEOUT: `${String(shutdownTimeoutMs(fault))}ms`,
    REQUEST_TIMEOUT: '5s',
    REDIS_CONNECTION_TIMEOUT: patience,
    DB_POOL_TIMEOUT: patience,
    DB_STATEMENT_TIMEOUT: patience,
  };
}
