import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@app/errors';
import { cliErrors } from '../cli.errors.js';
import { type Answer, readAnswer, type Taken } from './tick-answer.js';
import type { Tick } from './trade-columns.js';

export interface TickSenderOptions {
  /** Of the API, as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** A bearer token that is valid now. */
  readonly token: () => string;
  /** How long to go on trying without success, in milliseconds. */
  readonly maxWaitMs: number;
  /** Told what it waits for, and for how long in milliseconds. */
  readonly onWait: (why: string, delayMs: number) => void;
}

/** How the sending of a batch ends early: at once, or where it would only wait. */
export interface StopSignals {
  readonly stop: AbortSignal;
  readonly force: AbortSignal;
}

const requestTimeoutMs = 60_000;
const firstDelayMs = 500;
const longestDelayMs = 30_000;

/** Sends batches of trades to the API, one after the other, and waits while it does not take them. */
export class TickSender {
  readonly #options: TickSenderOptions;

  constructor(options: TickSenderOptions) {
    this.#options = options;
  }

  /**
   * Sends a batch until the API has taken it: the ids of the trades make it count once however often it arrives.
   * Throws an AppError with the code `import_refused` when trying again is of no use, one with `import_gave_up` after
   * `maxWaitMs`, and the reason of `stop` or `force` when stopped before the batch was taken.
   */
  async send(ticks: readonly Tick[], { stop, force }: StopSignals): Promise<Taken> {
    const { maxWaitMs, onWait } = this.#options;
    const body = JSON.stringify({ ticks });
    const giveUpAt = performance.now() + maxWaitMs;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#post(body, force);
      if (answer.kind === 'taken') return answer;
      if (answer.kind === 'refused')
        throw new AppError(cliErrors.import_refused, answer.why, { advice: answer.advice });
      if (performance.now() >= giveUpAt) {
        throw new AppError(cliErrors.import_gave_up, `The API did not take the trades: ${answer.why}`);
      }
      const delayMs = answer.retryAfterMs ?? Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
      onWait(answer.why, delayMs);
      await sleep(delayMs, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    }
  }

  async #post(body: string, force: AbortSignal): Promise<Answer> {
    const { url, token } = this.#options;
    try {
      const response = await fetch(`${url}/api/v1/ticks`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          authorization: `Bearer ${token()}`,
        },
        body,
        signal: AbortSignal.any([force, AbortSignal.timeout(requestTimeoutMs)]),
      });
      return readAnswer(response.status, response.headers, await response.text());
    } catch (error) {
      force.throwIfAborted();
      return { kind: 'wait', why: `${url} cannot be reached (${reasonOf(error)}).` };
    }
  }
}

/** Undici hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
