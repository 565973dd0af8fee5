/** Gathers what is announced, until there is enough of it or it has waited long enough. */
export class Gathering {
  readonly #enough: number;
  readonly #longestMs: number;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #due = Promise.withResolvers<void>();

  constructor(enough: number, longestMs: number) {
    this.#enough = enough;
    this.#longestMs = longestMs;
  }

  add(count: number): void {
    this.#count += count;
    if (this.#count >= this.#enough) this.#due.resolve();
    else this.#timer ??= setTimeout(() => this.#due.resolve(), this.#longestMs);
  }

  /** Makes what comes next due at once. */
  hurry(): void {
    this.#due.resolve();
  }

  /** Resolves when something is due, and begins anew. */
  async due(): Promise<void> {
    await this.#due.promise;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#count = 0;
    this.#due = Promise.withResolvers<void>();
  }
}
