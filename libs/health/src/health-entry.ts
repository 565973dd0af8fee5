import type { FailureReason } from '@app/errors';
import type { DatastoreState, DatastoreStates } from '@app/lifecycle';
import { rfc3339 } from './rfc3339.js';

/** One datastore or indicator in a public body. Times are RFC 3339, null where there is none. */
export type HealthEntry =
  | { readonly status: 'up' }
  | {
      readonly status: 'degraded' | 'down';
      readonly reason: FailureReason;
      readonly since: string;
      readonly lastUpAt: string | null;
      readonly nextCheckAt: string | null;
    };

export type HealthEntries = Readonly<Record<string, HealthEntry>>;

/** What the public may know: status, reason and times, never a message, an address or a version. */
export function healthEntry(state: DatastoreState): HealthEntry {
  if (state.status === 'up') return { status: 'up' };
  return {
    status: state.status,
    reason: state.reason ?? 'unknown',
    since: rfc3339(state.since),
    lastUpAt: rfc3339(state.lastUpAt),
    nextCheckAt: rfc3339(state.nextCheckAt),
  };
}

export function datastoreEntries(states: DatastoreStates): HealthEntries {
  return Object.fromEntries(states.names.map((name) => [name, healthEntry(states.get(name))]));
}

/** Everything that is known, for the authorized. */
export function detailedEntry(state: DatastoreState): Readonly<Record<string, unknown>> {
  const { status, reason, since, lastUpAt, lastCheckedAt, nextCheckAt, ...rest } = state;
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    since: rfc3339(since),
    lastUpAt: rfc3339(lastUpAt),
    lastCheckedAt: rfc3339(lastCheckedAt),
    nextCheckAt: rfc3339(nextCheckAt),
    ...rest,
  };
}
