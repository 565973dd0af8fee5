import type { Socket } from 'node:net';

interface Chunk {
  /** Undefined for the end. */
  readonly data: Buffer | undefined;
  readonly arrivedAt: number;
}

/** Carries what one socket receives to another, in order, each part not before its delay is over. */
export class DelayedPipe {
  readonly #to: Socket;
  readonly #change: (data: Buffer) => Buffer;
  readonly #queue: Chunk[] = [];
  #delayMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #afterNext: (() => void) | undefined;

  /** @param change Says what is passed on instead of a part. */
  constructor(from: Socket, to: Socket, change: (data: Buffer) => Buffer = (data) => data) {
    this.#to = to;
    this.#change = change;
    from.on('data', (data: Buffer) => this.#push(data)).on('end', () => this.#push(undefined));
    // What the other side has sent before it closed still has its way to go.
    to.once('close', () => clearTimeout(this.#timer));
  }

  /** From now on, also for what waits; `Infinity` holds everything back. */
  delay(ms: number): void {
    this.#delayMs = ms;
    this.#pass();
  }

  /** Called once when the part that is being passed on has been handed to the system. */
  afterNext(done: () => void): void {
    this.#afterNext = done;
  }

  #push(data: Buffer | undefined): void {
    this.#queue.push({ data, arrivedAt: performance.now() });
    this.#pass();
  }

  #pass(): void {
    clearTimeout(this.#timer);
    for (let [next] = this.#queue; next !== undefined; [next] = this.#queue) {
      const waitMs = next.arrivedAt + this.#delayMs - performance.now();
      if (waitMs > 0) {
        if (waitMs < Infinity) this.#timer = setTimeout(() => this.#pass(), waitMs);
        return;
      }
      this.#queue.shift();
      this.#send(next.data);
    }
  }

  #send(data: Buffer | undefined): void {
    if (this.#to.destroyed || this.#to.writableEnded) return;
    if (data === undefined) {
      this.#to.end();
      return;
    }
    const changed = this.#change(data);
    const done = this.#afterNext;
    this.#afterNext = undefined;
    this.#to.write(changed, () => done?.());
  }
}
