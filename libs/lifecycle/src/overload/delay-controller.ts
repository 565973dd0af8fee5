/** One look at the event loop. */
export interface DelaySample {
  /** How late the loop was, in milliseconds. */
  readonly delayMs: number;
  /** The time since the sample before, in milliseconds. */
  readonly spanMs: number;
  /** The processor's time that the loop's thread has used of it, in milliseconds. */
  readonly busyMs: number;
}

/**
 * Two turns in a row that are later than this, in milliseconds, are an overload. One is a stall (a collection of
 * garbage, a large body, a processor that was taken away) that is over when it is seen; work that comes faster than
 * it is done makes a second. A tenth of the second that an orchestrator gives a probe by default.
 */
const overload = { lateMs: 100, turns: 2 };

/**
 * The delay that is then held, in milliseconds: several requests of a few milliseconds still share a turn, so that no
 * time is lost, but turns are short. For libuv accepts one new connection in a turn (libuv#3696): at a second per turn
 * a probe that comes by a new connection would wait behind all others.
 */
const heldMs = 50;

/** Some are always let in: without them nothing would be served, nor could the delay be seen to fall. */
const mostRefused = 0.98;

const proportionalGain = 1;
const integralGain = 0.25;
/** How far a sample counts, in powers of e: a delay of 20 times `heldMs` is as bad as one of 200 times. */
const error = { least: -1, most: 3 };
/** e^-4 is `mostRefused`. */
const mostOutput = 4;
/** A turn of this length, in milliseconds, moves the integral by a whole step; shorter ones by a part. */
const wholeStepMs = 100;

/**
 * Which share of the requests to refuse, so that the delay of the event loop stays at `heldMs`: a PI controller, as in
 * PIE (RFC 8033) and Uber's Cinnamon. It works on the logarithm of the delay: a turn of the loop does the work that
 * has come in the turn before, so that under overload each turn is the former one times a factor, and refusing
 * divides that factor. With these gains the delay halves its distance every turn, whatever a request costs and however
 * many come; it also settles when the costly part of a request comes some turns after it was let in.
 *
 * Only the part of a delay counts that the thread has worked: a process that waits for a processor, as one whose
 * container has used up its quota, is late with nothing to do, and to refuse requests would make it no earlier.
 */
export class DelayController {
  #lateTurns = 0;
  #integral = 0;
  #output = 0;

  /** The share to refuse now, from 0 to `mostRefused`. */
  get share(): number {
    return Math.min(mostRefused, 1 - Math.exp(-this.#output));
  }

  sample({ delayMs, spanMs, busyMs }: DelaySample): void {
    const ownMs = Math.min(delayMs, busyMs);
    this.#lateTurns = ownMs > overload.lateMs ? this.#lateTurns + 1 : 0;
    if (this.#output === 0 && this.#integral === 0 && this.#lateTurns < overload.turns) return;
    const late = Math.log(Math.max(1, ownMs) / heldMs);
    const clipped = Math.min(error.most, Math.max(error.least, late));
    const step = integralGain * clipped * Math.min(1, spanMs / wholeStepMs);
    this.#integral = withinOutput(this.#integral + step);
    this.#output = withinOutput(proportionalGain * clipped + this.#integral);
  }
}

const withinOutput = (value: number): number => Math.min(mostOutput, Math.max(0, value));
