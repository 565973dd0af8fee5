/**
 * A timer for something that should have come by then. It fires only after the event loop has looked at what has
 * arrived meanwhile: when the loop was held up, an answer that is already here is not taken for missing.
 */
export class Deadline {
  readonly #timer: NodeJS.Timeout;
  #immediate: NodeJS.Immediate | undefined;

  /** @param ms Milliseconds from now. */
  constructor(ms: number, passed: () => void) {
    this.#timer = setTimeout(() => {
      this.#immediate = setImmediate(passed);
    }, ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }
}
