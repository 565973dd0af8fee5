import { randomBytes } from 'node:crypto';

/** Names batches, so that later ones of a process sort after earlier ones, and no two processes give the same name. */
export class BatchNonces {
  readonly #process: string;
  #millisecond = 0;
  #sequence = 0;

  constructor(random: Buffer = randomBytes(5)) {
    this.#process = base36(random.readUIntBE(0, 5), 8);
  }

  /** 21 lower-case letters and digits: 9 of the time, 4 of a sequence, 8 of the process. */
  next(nowMs: number): string {
    // A clock that was set back must not bring names again.
    if (nowMs > this.#millisecond || this.#sequence === 36 ** 4 - 1) {
      this.#millisecond = Math.max(nowMs, this.#millisecond + 1);
      this.#sequence = 0;
    } else this.#sequence++;
    return base36(this.#millisecond, 9) + base36(this.#sequence, 4) + this.#process;
  }
}

function base36(number: number, width: number): string {
  return number.toString(36).padStart(width, '0');
}
