import { shardOf } from '../../shards/shard.js';
import { SecondKeys } from './second-keys.js';

/** Seconds since 1970, `from` inclusive and `to` exclusive. */
export interface SecondRange {
  readonly from: number;
  readonly to: number;
}

type Generation = Map<string, Map<number, SecondKeys>>;

/**
 * What is known of InfluxDB's content, by symbol and second. Of two generations the older one is dropped as soon as the
 * younger one is full, but for what was used in the meantime: so the memory is bounded. Who asks for a second must use
 * it before asking for another, since that may drop it.
 */
export class KeyTable {
  readonly #maxKeys: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  #youngKeys = 0;
  /** By symbol: a range within which a second that is not in the table has no trades. */
  readonly #known = new Map<string, SecondRange>();

  /** The bound counts one for each trade and one for each second. A single second may exceed it. */
  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  /** What is known of a second; undefined when it must be read first. */
  get(symbol: string, second: number): SecondKeys | undefined {
    const present = this.#present(symbol, second);
    if (present !== undefined) return present;
    return contains(this.#known.get(symbol), second) ? this.add(symbol, second, new SecondKeys()) : undefined;
  }

  /**
   * Notes all that is stored within a range, but for some seconds of which more is known: where they have been dropped,
   * they must be read again. Of two ranges with a gap between them the later one stays known.
   */
  fill(
    symbol: string,
    range: SecondRange,
    found: ReadonlyMap<number, SecondKeys>,
    except: ReadonlySet<number> = new Set(),
  ): void {
    const known = this.#known.get(symbol) ?? range;
    if (known.from <= range.to && range.from <= known.to) {
      this.#known.set(symbol, {
        from: Math.min(known.from, range.from),
        to: Math.max(known.to, range.to),
      });
    } else if (known.to < range.to) this.#known.set(symbol, range);
    for (const [second, keys] of found) {
      if (!except.has(second) && this.#present(symbol, second) === undefined) this.add(symbol, second, keys);
    }
    const dropped = [...except].filter((second) => this.#present(symbol, second) === undefined);
    this.#noLongerKnown(symbol, dropped);
  }

  /** Notes all that is stored of a second. */
  add(symbol: string, second: number, keys: SecondKeys): SecondKeys {
    this.#makeRoom();
    const seconds = this.#young.get(symbol) ?? new Map<number, SecondKeys>();
    this.#young.set(symbol, seconds.set(second, keys));
    this.#youngKeys += 1 + keys.size;
    return keys;
  }

  /** Tells that trades were placed. */
  grewBy(trades: number): void {
    this.#youngKeys += trades;
  }

  /** Drops all that is known of a shard's symbols: what was written last may be stored or not. */
  forgetShard(shard: number): void {
    const symbols = [...this.#young.keys(), ...this.#old.keys(), ...this.#known.keys()];
    for (const symbol of symbols.filter((name) => shardOf(name) === shard)) {
      this.#young.delete(symbol);
      this.#old.delete(symbol);
      this.#known.delete(symbol);
    }
  }

  #makeRoom(): void {
    if (this.#youngKeys <= this.#maxKeys / 2) return;
    for (const [symbol, seconds] of this.#old) this.#noLongerKnown(symbol, seconds.keys());
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngKeys = 0;
  }

  #present(symbol: string, second: number): SecondKeys | undefined {
    const young = this.#young.get(symbol)?.get(second);
    if (young !== undefined) return young;
    const seconds = this.#old.get(symbol);
    const old = seconds?.get(second);
    if (old === undefined) return undefined;
    seconds?.delete(second);
    return this.add(symbol, second, old);
  }

  #noLongerKnown(symbol: string, dropped: Iterable<number>): void {
    const range = this.#known.get(symbol);
    if (range === undefined) return;
    let { from } = range;
    for (const second of dropped) if (contains(range, second)) from = Math.max(from, second + 1);
    if (from < range.to) this.#known.set(symbol, { from, to: range.to });
    else this.#known.delete(symbol);
  }
}

function contains(range: SecondRange | undefined, second: number): boolean {
  return range !== undefined && second >= range.from && second < range.to;
}
