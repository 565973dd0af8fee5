import type { DatastoreName, FailureReason } from '@app/errors';
import type { Unsubscribe } from './events.js';

/** What a successful ping saw. A datastore of which only a part works answers with a reason. */
export interface PingResult {
  /** The server's version as it tells it, as `16.4` or `7.0.15`. */
  readonly version?: string;
  /** Only part of it works: reads stay open, routes that write answer 503. */
  readonly degraded?: 'read_only' | 'out_of_memory';
  /** Facts for operators (`detailed` and the log): role, memory policy, API in use. Never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** Connections and counters of a client, by name, for `detailed` and for metrics. */
export type DatastoreStats = Readonly<Record<string, number>>;

/** What health, http and metrics know of a datastore's client. Datastores know nothing of them. */
export interface Datastore {
  readonly name: DatastoreName;
  /** Asks the server; throws a DatastoreError that says why it does not work. Ends soon after the signal aborts. */
  ping(signal: AbortSignal): Promise<PingResult>;
  stats(): DatastoreStats;
  /** Told of each failure that real work has seen, so that health need not wait for its next ping. */
  onFailure(listener: (reason: FailureReason) => void): Unsubscribe;
}
