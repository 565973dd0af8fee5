import { type Clock, systemClock } from './clock.js';
import { Subscribers, type Unsubscribe } from './events.js';

/** starting → serving ⇄ overloaded → draining → stopped; draining can follow any of the first three. */
export type ApplicationPhase = 'starting' | 'serving' | 'overloaded' | 'draining' | 'stopped';

export interface ApplicationTransition {
  readonly from: ApplicationPhase;
  readonly to: ApplicationPhase;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How long the phase that ended had lasted, in milliseconds. */
  readonly lastedMs: number;
  /** Why, in a few words: a signal's name, or what was measured. */
  readonly cause: string;
}

const successors: Readonly<Record<ApplicationPhase, readonly ApplicationPhase[]>> = {
  starting: ['serving', 'draining'],
  serving: ['overloaded', 'draining'],
  overloaded: ['serving', 'draining'],
  draining: ['stopped'],
  stopped: [],
};

const historyLength = 100;

/** The phase that the process is in, its history, and an event for each change. */
export class ApplicationState {
  readonly #clock: Clock;
  readonly #subscribers = new Subscribers<ApplicationTransition>();
  readonly #history: ApplicationTransition[] = [];
  #phase: ApplicationPhase = 'starting';
  #since: number;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  get phase(): ApplicationPhase {
    return this.#phase;
  }

  /** When the current phase began, in milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }

  /** The last hundred transitions, oldest first. */
  get history(): readonly ApplicationTransition[] {
    return this.#history;
  }

  onTransition(listener: (transition: ApplicationTransition) => void): Unsubscribe {
    return this.#subscribers.add(listener);
  }

  /** Goes to another phase; asking for the present one does nothing. Throws a RangeError for a step that is not allowed. */
  enter(to: ApplicationPhase, cause: string): void {
    const from = this.#phase;
    if (from === to) return;
    if (!successors[from].includes(to))
      throw new RangeError(`The application cannot go from ${from} to ${to}.`);
    const at = this.#clock.now();
    const transition = { from, to, at, lastedMs: at - this.#since, cause };
    this.#phase = to;
    this.#since = at;
    this.#history.push(transition);
    if (this.#history.length > historyLength) this.#history.shift();
    this.#subscribers.publish(transition);
  }
}
