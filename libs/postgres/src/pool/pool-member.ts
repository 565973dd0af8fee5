import type { PoolOptions } from './pool.options.js';
import type { PooledClient } from './pooled-client.js';

/** By how much connections of the same age expire before it at most, as a part of that age. */
const recycleJitter = 0.1;

export type MemberState = 'opening' | 'pinging' | 'idle' | 'in use' | 'settling' | 'closing';

/** A connection as its pool sees it. All times are those of the pool's clock. */
export class PoolMember {
  readonly client: PooledClient;
  readonly #options: PoolOptions;
  #state: MemberState = 'opening';
  #since: number;
  #expiresAt = Infinity;
  #generation = -1;

  constructor(client: PooledClient, options: PoolOptions, now: number) {
    this.client = client;
    this.#options = options;
    this.#since = now;
  }

  get state(): MemberState {
    return this.#state;
  }

  /** When that state began. */
  get since(): number {
    return this.#since;
  }

  /** Members that were open before one has turned out dead are of an older generation than those opened after it. */
  get generation(): number {
    return this.#generation;
  }

  /** It is on its way to those who wait. */
  get isPreparing(): boolean {
    return this.#state === 'opening' || this.#state === 'pinging';
  }

  /** Somebody has it, or what they have left on it still runs. */
  get isInUse(): boolean {
    return this.#state === 'in use' || this.#state === 'settling';
  }

  enter(state: MemberState, now: number): void {
    this.#state = state;
    this.#since = now;
  }

  /** @param random In [0, 1): those that were opened together do not expire together. */
  opened(generation: number, now: number, random: number): void {
    this.#generation = generation;
    this.#expiresAt = now + (this.#options.recycleMs ?? Infinity) * (1 - recycleJitter * random);
  }

  isExpired(now: number): boolean {
    return now >= this.#expiresAt;
  }

  /** Whether it was idle for so long that it is to be tried. */
  isDoubtful(now: number): boolean {
    return now - this.#since >= (this.#options.prePingIdleMs ?? Infinity);
  }
}
