/** Does some work when it is asked to, one run at a time. Asked during a run, it does it once more afterwards. */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  #running = false;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Rejects with what the work throws; resolves at once when it is only remembered. */
  async ask(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      do {
        this.#again = false;
        await this.#work();
      } while (this.#wanted());
    } finally {
      this.#running = false;
    }
  }

  #wanted(): boolean {
    return this.#again;
  }
}
