import type { Trade } from '../trade.js';
import type { StoredTrade } from './stored-trade.js';
import { firstRank, Tie } from './tie.js';

const nanosOfSecond = 1_000_000_000;

/** V8 makes parts of a text from this length on that refer to it, and so keep all of it in memory. */
const shortestPart = 13;

/** The text apart from that of which it is a part. */
function ownText(text: string): string {
  return text.length < shortestPart ? text : Buffer.from(text).toString();
}

export type Placement = 'new' | 'known' | 'conflict';

/**
 * What InfluxDB holds of one second of a symbol: which trades, and which nanoseconds are taken. The place and the rank
 * of a new trade follow from what is stored and from the order of arrival alone, so that whoever repeats the work comes
 * to the same result.
 */
export class SecondKeys {
  readonly #byNanos = new Map<number, StoredTrade | Tie>();
  /** Nanoseconds under which something is stored that is not the only trade of that timestamp. */
  readonly #taken = new Set<number>();
  /** From a taken nanosecond to one at or before the next free one. */
  readonly #skip = new Map<number, number>();
  #size = 0;

  /** Number of trades. */
  get size(): number {
    return this.#size;
  }

  /** Whether a trade of this timestamp and id is stored. */
  has({ nanos, id }: Trade): boolean {
    return this.#known(nanos, id) !== undefined;
  }

  /** Notes a trade that is stored. */
  load(trade: StoredTrade): void {
    this.#size++;
    const present = this.#byNanos.get(trade.nanos);
    if (present === undefined) this.#byNanos.set(trade.nanos, trade);
    else this.#tieOf(present).add(trade);
    if (present !== undefined || trade.storedAt !== trade.nanos) this.#taken.add(trade.storedAt);
  }

  /**
   * Finds the place of a trade that is neither known nor contradicts a known one; `store` gets it, and any other
   * trade that must be stored anew.
   */
  place(trade: Trade, store: (stored: StoredTrade) => void): Placement {
    const { nanos, id, ticks, lots, side } = trade;
    const known = this.#known(nanos, id);
    if (known !== undefined) return known.ticks === ticks && known.lots === lots ? 'known' : 'conflict';

    const present = this.#byNanos.get(nanos);
    const rank = present === undefined ? firstRank : this.#tieOf(present).rankOf(id, store);
    const stored = { nanos, id: ownText(id), ticks, lots, side, storedAt: this.#freeNanos(nanos), rank };
    this.load(stored);
    store(stored);
    return 'new';
  }

  #known(nanos: number, id: string): StoredTrade | undefined {
    const present = this.#byNanos.get(nanos);
    if (present instanceof Tie) return present.get(id);
    return present?.id === id ? present : undefined;
  }

  #tieOf(present: StoredTrade | Tie): Tie {
    if (present instanceof Tie) return present;
    const tie = new Tie(present);
    this.#byNanos.set(present.nanos, tie);
    this.#taken.add(present.storedAt);
    return tie;
  }

  /** The next free nanosecond of the second, which begins again after its last: candles are whole seconds. */
  #freeNanos(nanos: number): number {
    const passed: number[] = [];
    let free = nanos;
    while (this.#isTaken(free)) {
      passed.push(free);
      free = this.#skip.get(free) ?? (free + 1) % nanosOfSecond;
    }
    for (const taken of passed) this.#skip.set(taken, free);
    return free;
  }

  #isTaken(nanos: number): boolean {
    const only = this.#byNanos.get(nanos);
    return (
      this.#taken.has(nanos) || (only !== undefined && !(only instanceof Tie) && only.storedAt === nanos)
    );
  }
}
