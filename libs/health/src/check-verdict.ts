import { DatastoreError, type FailureReason, networkFailureReason } from '@app/errors';
import type { DatastoreFinding, DatastoreState } from '@app/lifecycle';
import type { CheckOutcome } from './check-loop.js';
import type { CheckResult } from './check-subject.js';

/** What counts besides the outcome itself. */
export interface CheckCircumstances {
  readonly before: DatastoreState;
  /** Failures in a row that are borne as `degraded`: those of something that has worked before. */
  readonly borne: boolean;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  readonly nextCheckAt: number;
}

/** What is to be believed after a check. */
export function verdict(
  outcome: CheckOutcome<CheckResult>,
  circumstances: CheckCircumstances,
): DatastoreFinding {
  const { before, borne, checkedAt, nextCheckAt } = circumstances;
  const times = { lastCheckedAt: checkedAt, nextCheckAt };
  if (outcome.ok) {
    const { version, facts, degraded } = outcome.result;
    return {
      status: degraded === undefined ? 'up' : 'degraded',
      writable: degraded === undefined,
      ...(degraded === undefined ? {} : { reason: degraded }),
      ...times,
      latencyMs: Math.round(outcome.durationMs * 100) / 100,
      ...(version === undefined ? {} : { version }),
      ...(facts === undefined ? {} : { facts }),
    };
  }
  return {
    ...lastSeen(before),
    status: borne ? 'degraded' : 'down',
    writable: borne && before.writable,
    reason: reasonOf(outcome.error),
    ...times,
    message: messageOf(outcome.error),
  };
}

/** What is to be believed when no check has ended for too long: nothing that was seen before. */
export function staleVerdict(before: DatastoreState, ageMs: number): DatastoreFinding {
  const { lastCheckedAt, nextCheckAt } = before;
  return {
    ...lastSeen(before),
    status: 'down',
    writable: false,
    reason: 'timeout',
    ...(lastCheckedAt === undefined ? {} : { lastCheckedAt }),
    ...(nextCheckAt === undefined ? {} : { nextCheckAt }),
    message: `The last check ended ${String(Math.round(ageMs))} ms ago.`,
  };
}

/** What a server said of itself stays of interest while it is away. */
function lastSeen({ latencyMs, version, facts }: DatastoreState): Partial<DatastoreFinding> {
  return {
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(version === undefined ? {} : { version }),
    ...(facts === undefined ? {} : { facts }),
  };
}

function reasonOf(error: unknown): FailureReason {
  return error instanceof DatastoreError ? error.reason : (networkFailureReason(error) ?? 'unknown');
}

/** The driver's own words: those of the innermost cause that has any. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return messageOf(error.cause);
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? messageOf(first) : error.message;
}
