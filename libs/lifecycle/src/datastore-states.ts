import type { DatastoreName, FailureReason } from '@app/errors';
import { type Clock, systemClock } from './clock.js';
import { Subscribers, type Unsubscribe } from './events.js';

export type DatastoreStatus = 'up' | 'degraded' | 'down';

/** What is known of a datastore now. Times are milliseconds since 1970. */
export interface DatastoreState {
  readonly status: DatastoreStatus;
  /** Whether routes that write may use it: false while it is down, read-only or out of memory. */
  readonly writable: boolean;
  /** Set unless the status is `up`. */
  readonly reason?: FailureReason;
  /** When the status or the reason last changed. */
  readonly since: number;
  readonly lastUpAt?: number;
  readonly lastCheckedAt?: number;
  readonly nextCheckAt?: number;
  /** Duration of the last successful ping in milliseconds. */
  readonly latencyMs?: number;
  readonly version?: string;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  /** The driver's message: for the log and the authorized only. */
  readonly message?: string;
}

export interface DatastoreTransition {
  readonly datastore: DatastoreName;
  readonly from: DatastoreState;
  readonly to: DatastoreState;
  readonly at: number;
  /** How long the former status and reason had lasted, in milliseconds. */
  readonly lastedMs: number;
}

/** What a check has found; the times of the state are kept here. */
export type DatastoreFinding = Omit<DatastoreState, 'since' | 'lastUpAt'>;

const historyLength = 100;

/** The current state of each datastore: written by health, read by http and metrics. */
export class DatastoreStates {
  readonly #clock: Clock;
  readonly #states = new Map<DatastoreName, DatastoreState>();
  readonly #transitions = new Subscribers<DatastoreTransition>();
  readonly #updates = new Subscribers<DatastoreName>();
  readonly #history: DatastoreTransition[] = [];

  constructor(names: readonly DatastoreName[], clock: Clock = systemClock) {
    this.#clock = clock;
    for (const name of names) {
      this.#states.set(name, { status: 'down', writable: false, reason: 'pending', since: clock.now() });
    }
  }

  get names(): readonly DatastoreName[] {
    return [...this.#states.keys()];
  }

  /** Throws a RangeError for a datastore that this process does not use. */
  get(name: DatastoreName): DatastoreState {
    const state = this.#states.get(name);
    if (state === undefined) throw new RangeError(`The datastore ${name} is not used here.`);
    return state;
  }

  /** The last hundred transitions of all datastores together, oldest first. */
  get history(): readonly DatastoreTransition[] {
    return this.#history;
  }

  /** Status or reason of a datastore has changed. */
  onTransition(listener: (transition: DatastoreTransition) => void): Unsubscribe {
    return this.#transitions.add(listener);
  }

  /** Anything known of a datastore has changed, also a time. */
  onUpdate(listener: (name: DatastoreName) => void): Unsubscribe {
    return this.#updates.add(listener);
  }

  record(name: DatastoreName, finding: DatastoreFinding): void {
    const from = this.get(name);
    const at = this.#clock.now();
    const changed = from.status !== finding.status || from.reason !== finding.reason;
    const lastUpAt = finding.status === 'up' ? at : from.lastUpAt;
    const to: DatastoreState = {
      ...finding,
      since: changed ? at : from.since,
      ...(lastUpAt === undefined ? {} : { lastUpAt }),
    };
    this.#states.set(name, to);
    if (changed) {
      const transition = { datastore: name, from, to, at, lastedMs: at - from.since };
      this.#history.push(transition);
      if (this.#history.length > historyLength) this.#history.shift();
      this.#transitions.publish(transition);
    }
    this.#updates.publish(name);
  }
}
