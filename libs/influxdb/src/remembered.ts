/** A value that is asked for once, by all callers together, and kept until it is forgotten; failures are not kept. */
export class Remembered<Value> {
  readonly #ask: () => Promise<Value>;
  #value: Promise<Value> | undefined;

  constructor(ask: () => Promise<Value>) {
    this.#ask = ask;
  }

  get(): Promise<Value> {
    if (this.#value !== undefined) return this.#value;
    const asked = this.#ask().catch((error: unknown) => {
      if (this.#value === asked) this.#value = undefined;
      throw error;
    });
    this.#value = asked;
    return asked;
  }

  forget(): void {
    this.#value = undefined;
  }
}
