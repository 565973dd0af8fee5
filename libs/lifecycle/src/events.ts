/** Ends a subscription. */
export type Unsubscribe = () => void;

/**
 * Subscribers of one kind of event, called in the order they came. A subscriber that throws hides nothing
 * from the others: errors are thrown together once all were called.
 */
export class Subscribers<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  add(listener: (event: Event) => void): Unsubscribe {
    const own = (event: Event): void => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  publish(event: Event): void {
    const errors: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'A subscriber failed.');
  }
}
