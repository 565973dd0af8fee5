import type { FailureReason } from '@app/errors';
import type {
  Datastore,
  DatastoreFinding,
  DatastoreState,
  DatastoreStates,
  Unsubscribe,
} from '@app/lifecycle';

/** What a check that did not fail has seen. */
export interface CheckResult {
  readonly version?: string;
  /** Set where only a part works. */
  readonly degraded?: FailureReason;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** Something whose health is watched: how it is checked, and where what is known of it is kept. */
export interface CheckSubject {
  readonly name: string;
  /** As log lines call it: `datastore` or `indicator`. */
  readonly kind: 'datastore' | 'indicator';
  check(signal: AbortSignal): Promise<CheckResult>;
  readonly state: DatastoreState;
  record(finding: DatastoreFinding): void;
  /** Failures that real work has seen. */
  onFailure(listener: () => void): Unsubscribe;
}

/** A datastore as a subject; what is found is kept in the process's datastore states. */
export function datastoreSubject(datastore: Datastore, states: DatastoreStates): CheckSubject {
  return {
    name: datastore.name,
    kind: 'datastore',
    check: (signal) => datastore.ping(signal),
    get state() {
      return states.get(datastore.name);
    },
    record: (finding) => states.record(datastore.name, finding),
    onFailure: (listener) => datastore.onFailure(listener),
  };
}
