import { tradeOrderKey } from '../trade-id.js';
import type { StoredTrade } from './stored-trade.js';

/**
 * The first trade of a timestamp gets this rank, each one that comes before or after all others a rank 2 lower or
 * higher, so that those between have room. Ids mostly grow, hence more room above. Ranks are given once: a write that
 * lands late repeats what is stored. Only when the room is used up the former first or last one is moved inwards.
 */
export const firstRank = 20_000;
const highestRank = 99_999;

interface End {
  readonly key: string;
  readonly id: string;
}

/** Several trades of one timestamp, whose ends are known by the contract's order. */
export class Tie {
  readonly #trades = new Map<string, StoredTrade>();
  #first: End;
  #last: End;

  constructor(trade: StoredTrade) {
    const end = { key: tradeOrderKey(trade.id), id: trade.id };
    this.#trades.set(trade.id, trade);
    this.#first = end;
    this.#last = end;
  }

  get(id: string): StoredTrade | undefined {
    return this.#trades.get(id);
  }

  add(trade: StoredTrade): void {
    const key = tradeOrderKey(trade.id);
    this.#trades.set(trade.id, trade);
    if (key < this.#first.key) this.#first = { key, id: trade.id };
    else if (key > this.#last.key) this.#last = { key, id: trade.id };
  }

  /** The rank for a new trade; `move` gets a former end that had to make room. */
  rankOf(id: string, move: (trade: StoredTrade) => void): number {
    const key = tradeOrderKey(id);
    const first = this.#rankAt(this.#first);
    const last = this.#rankAt(this.#last);
    if (key < this.#first.key) {
      if (first === 0) this.#move(this.#first, 1, move);
      return Math.max(0, first - 2);
    }
    if (key > this.#last.key) {
      if (last === highestRank) this.#move(this.#last, highestRank - 1, move);
      return Math.min(highestRank, last + 2);
    }
    return last - 1;
  }

  #rankAt({ id }: End): number {
    return this.#trades.get(id)?.rank ?? firstRank;
  }

  #move({ id }: End, rank: number, move: (trade: StoredTrade) => void): void {
    const trade = this.#trades.get(id);
    if (trade === undefined) return;
    const moved = { ...trade, rank };
    this.#trades.set(id, moved);
    move(moved);
  }
}
