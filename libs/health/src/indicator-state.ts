import type { Clock, DatastoreFinding, DatastoreState } from '@app/lifecycle';

/** What is known of one indicator; the counterpart of the datastore states for a module's own checks. */
export class IndicatorState {
  readonly #clock: Clock;
  #current: DatastoreState;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#current = { status: 'down', writable: false, reason: 'pending', since: clock.now() };
  }

  get current(): DatastoreState {
    return this.#current;
  }

  record(finding: DatastoreFinding): void {
    const from = this.#current;
    const at = this.#clock.now();
    const changed = from.status !== finding.status || from.reason !== finding.reason;
    const lastUpAt = finding.status === 'up' ? at : from.lastUpAt;
    this.#current = {
      ...finding,
      since: changed ? at : from.since,
      ...(lastUpAt === undefined ? {} : { lastUpAt }),
    };
  }
}
