import { writeSync } from 'node:fs';

/** Where lines go: how it is opened and closed, and whether what was opened is still the right thing. */
export interface LogTarget {
  /** What operators know it by: a path, or `standard output`. */
  readonly name: string;
  /** Returns a file descriptor; throws where it cannot be had. */
  open(): number;
  close(fd: number): void;
  /** The file was moved away or removed, so that lines written to it are not where they are looked for. */
  isGone(fd: number): boolean;
}

export interface LogSinkListener {
  /** Once per outage. */
  failed(target: string, error: unknown): void;
  /** With the number of lines that are missing. */
  recovered(target: string, lost: number): void;
}

const retryAfterMs = 10_000;
const lookAfterMs = 1_000;
const drainAfterMs = 20;
const flushStepMs = 5;
const maxQueuedBytes = 4 * 1024 * 1024;

/**
 * Writes each line at once, so that nothing is lost with the process, and whole, so that the lines of several
 * processes do not mix. What a full pipe does not take waits in a bounded queue and does not hold up the process.
 * A target that fails is tried again every 10 seconds and never throws.
 */
export class LogSink {
  readonly #target: LogTarget;
  readonly #listener: LogSinkListener;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #fd: number | undefined;
  #failed = false;
  #retryAt = 0;
  #lookAt = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(target: LogTarget, listener: LogSinkListener) {
    this.#target = target;
    this.#listener = listener;
  }

  write(line: string): void {
    const now = performance.now();
    if ((this.#failed && now < this.#retryAt) || this.#queuedBytes > maxQueuedBytes) {
      this.#lost += 1;
      return;
    }
    const bytes = Buffer.from(line);
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#drain();
  }

  /** Opens the target now, so that one that cannot be had is known at the start. */
  open(): void {
    this.#drain();
  }

  /** Writes to the file that is now at the path; for after a rotation. */
  reopen(): void {
    this.#close();
    this.#retryAt = 0;
  }

  /** Blocks until all is written, at most this long: a reader that has stopped cannot hold up the exit. */
  flush(timeoutMs: number): void {
    const deadline = performance.now() + timeoutMs;
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    while (this.#queue.length > 0) {
      this.#drain();
      if (this.#queue.length === 0 || performance.now() >= deadline) return;
      Atomics.wait(sleeper, 0, 0, flushStepMs);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#close();
  }

  #drain(): void {
    try {
      this.#leaveMovedFile();
      this.#fd ??= this.#target.open();
      for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
        const written = writeSync(this.#fd, head);
        this.#queuedBytes -= written;
        if (written < head.length) this.#queue[0] = head.subarray(written);
        else this.#queue.shift();
      }
      this.#drained();
    } catch (error) {
      if (isFull(error)) this.#drainLater();
      else this.#fail(error);
    }
  }

  #leaveMovedFile(): void {
    const now = performance.now();
    if (this.#fd === undefined || now < this.#lookAt) return;
    this.#lookAt = now + lookAfterMs;
    if (this.#target.isGone(this.#fd)) this.#close();
  }

  #drainLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#drain();
    }, drainAfterMs).unref();
  }

  #drained(): void {
    if (!this.#failed && this.#lost === 0) return;
    const lost = this.#lost;
    this.#failed = false;
    this.#lost = 0;
    this.#listener.recovered(this.#target.name, lost);
  }

  #fail(error: unknown): void {
    this.#lost += this.#queue.length;
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#close();
    this.#report(error);
  }

  #close(): void {
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    try {
      this.#target.close(fd);
    } catch (error) {
      // A network file system may say only now that its disk is full.
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    this.#retryAt = performance.now() + retryAfterMs;
    if (this.#failed) return;
    this.#failed = true;
    this.#listener.failed(this.#target.name, error);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
