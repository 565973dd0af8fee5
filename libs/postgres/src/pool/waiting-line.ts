import { Deadline } from './deadline.js';

interface Waiter<Thing> {
  readonly resolve: (thing: Thing) => void;
  readonly reject: (error: unknown) => void;
  deadline?: Deadline;
}

/** Those who wait for something, served in the order in which they came. */
export class WaitingLine<Thing> {
  /** Not a set, in which the first one of many is slow to find once others have left before it. */
  readonly #waiters: Waiter<Thing>[] = [];

  get length(): number {
    return this.#waiters.length;
  }

  /**
   * Waits until it is one's turn.
   *
   * @param serve Called once one stands in the line; whoever is served by it needs no timer.
   * @param late Makes the error for the end of the wait, while one still counts as waiting.
   */
  join(serve: () => void, timeoutMs: number, late: () => Error): Promise<Thing> {
    const { promise, resolve, reject } = Promise.withResolvers<Thing>();
    const waiter: Waiter<Thing> = { resolve, reject };
    this.#waiters.push(waiter);
    serve();
    if (this.#waiters.at(-1) === waiter) {
      waiter.deadline = new Deadline(timeoutMs, () => {
        const error = late();
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(error);
      });
    }
    return promise;
  }

  /** To the one who has waited longest; false where nobody waits. */
  give(thing: Thing): boolean {
    const waiter = this.#next();
    waiter?.resolve(thing);
    return waiter !== undefined;
  }

  /** Ends the wait of the one who has waited longest; false where nobody waits. */
  fail(error: unknown): boolean {
    const waiter = this.#next();
    waiter?.reject(error);
    return waiter !== undefined;
  }

  #next(): Waiter<Thing> | undefined {
    const first = this.#waiters.shift();
    first?.deadline?.clear();
    return first;
  }
}
