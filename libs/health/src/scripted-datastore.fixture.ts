import { type DatastoreName, DatastoreError, type FailureReason } from '@app/errors';
import { type Datastore, type PingResult, Subscribers } from '@app/lifecycle';

/** What a scripted ping does: answers, fails with a reason, answers only when told to, or never and heeds no signal. */
export type Step = PingResult | FailureReason | 'hang' | 'deaf';

/** A datastore for the time logic of health: it speaks no protocol, and does with each ping what the test says. */
export class ScriptedDatastore implements Datastore {
  readonly name: DatastoreName;
  /** When each ping began, on the clock of `Date.now()`. */
  readonly pings: number[] = [];
  readonly #failures = new Subscribers<FailureReason>();
  #mode: Step = {};
  #inFlight = 0;
  #mostInFlight = 0;

  constructor(name: DatastoreName) {
    this.name = name;
  }

  /** From now on each ping does this. */
  behave(mode: Step): void {
    this.#mode = mode;
  }

  get mostInFlight(): number {
    return this.#mostInFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  async ping(signal: AbortSignal): Promise<PingResult> {
    this.pings.push(Date.now());
    this.#inFlight += 1;
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight);
    try {
      return await this.#answer(signal);
    } finally {
      this.#inFlight -= 1;
    }
  }

  stats(): Record<string, number> {
    return { pings: this.pings.length };
  }

  onFailure(listener: (reason: FailureReason) => void): () => void {
    return this.#failures.add(listener);
  }

  /** As if real work had failed. */
  failWork(): void {
    this.#failures.publish('refused');
  }

  #answer(signal: AbortSignal): Promise<PingResult> {
    const mode = this.#mode;
    if (typeof mode === 'object') return Promise.resolve(mode);
    if (mode === 'deaf') return new Promise(() => undefined);
    if (mode !== 'hang') {
      const cause = new Error(`connect to postgres://user:pass@10.0.0.1 failed: ${mode}`);
      return Promise.reject(new DatastoreError(this.name, mode, cause));
    }
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
}
