import { DatastoreError, type DatastoreName, type FailureReason } from '@app/errors';
import type { Datastore, PingResult } from '@app/lifecycle';
import { failureAdvice } from './failure-advice.js';

/** How a datastore answers now. */
export interface DatastoreStatus {
  readonly name: DatastoreName;
  readonly status: 'up' | 'degraded' | 'down';
  readonly version?: string;
  readonly latencyMs?: number;
  readonly facts?: PingResult['facts'];
  readonly reason?: FailureReason;
  /** What to do, unless it is up. */
  readonly advice?: string;
}

/** Pings a datastore, and asks for more with `details` if it answers. Failures are part of the status. */
export async function datastoreStatus(
  datastore: Datastore,
  signal: AbortSignal,
  details: () => Promise<PingResult['facts']> = () => Promise.resolve({}),
): Promise<DatastoreStatus> {
  const { name } = datastore;
  try {
    const startedAt = performance.now();
    const { version, degraded, facts } = await datastore.ping(signal);
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    return {
      name,
      ...(degraded === undefined ? { status: 'up' } : { status: 'degraded', ...failure(degraded) }),
      ...(version === undefined ? {} : { version }),
      latencyMs,
      facts: { ...facts, ...(await details()) },
    };
  } catch (error) {
    if (!(error instanceof DatastoreError)) throw error;
    return { name, status: 'down', ...failure(error.reason) };
  }
}

function failure(reason: FailureReason): { reason: FailureReason; advice: string } {
  return { reason, advice: failureAdvice[reason] };
}
