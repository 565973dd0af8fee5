import type { InfluxClient } from '@app/influxdb';
import type { DeadLetter, StreamEntry } from '../../shards/shard-stream.js';
import { parseTradeRow } from '../trade-row.js';
import type { Trade } from '../trade.js';
import { KeyLoader } from './key-loader.js';
import { KeyTable } from './key-table.js';
import { writeLines } from './point-writer.js';
import type { SecondKeys } from './second-keys.js';
import { tradeLine } from './stored-trade.js';
import { Turns } from './turns.js';
import { type WriterMemory, writerMemory } from './writer-memory.js';

const longestDetail = 500;

/** Where a trade came from. */
interface Origin {
  readonly entryId: string;
  readonly row: string;
}

interface Arrival {
  readonly trade: Trade;
  readonly origin: Origin;
}

/** A line to write; without an origin for a trade that is stored already and only changes its rank. */
interface Line {
  readonly text: string;
  readonly origin?: Origin;
}

/** Stores trades in InfluxDB, each of them once. */
export class TradeStorage {
  readonly #influxdb: InfluxClient;
  readonly #table: KeyTable;
  readonly #loader: KeyLoader;
  readonly #keysOfSecond: number;
  readonly #turns: Turns;

  constructor(influxdb: InfluxClient, { keys, keysOfSecond, batches }: WriterMemory = writerMemory()) {
    this.#turns = new Turns(batches);
    this.#influxdb = influxdb;
    this.#table = new KeyTable(keys);
    this.#keysOfSecond = keysOfSecond;
    this.#loader = new KeyLoader(influxdb, this.#table);
  }

  /** Does the work on a batch, from its taking on, when there is room for it. */
  withRoom<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(work);
  }

  /**
   * Resolves once InfluxDB has confirmed the trades of a shard's entries, but for those that it answers, which can
   * never be stored. Throws a DatastoreError; then `forget` must be called before the same trades come again.
   */
  async store(
    shard: number,
    entries: readonly StreamEntry[],
    signal: AbortSignal,
  ): Promise<readonly DeadLetter[]> {
    const dead: DeadLetter[] = [];
    const arrivals = readEntries(entries, dead);
    const lines = await this.#place(arrivals, dead, signal);
    if (lines.length === 0) return dead;
    const texts = lines.map(({ text }) => text);
    const refused = await writeLines(this.#influxdb, texts, signal);
    if (refused.length > 0) this.forget(shard);
    for (const { index, reason } of refused) {
      const origin = lines[index]?.origin;
      if (origin !== undefined) dead.push(deadLetter(origin, 'refused_by_influxdb', reason));
    }
    return dead;
  }

  /** Drops what is known of a shard's trades: others may have written, or the last write's fate is not known. */
  forget(shard: number): void {
    this.#table.forgetShard(shard);
  }

  async #place(arrivals: readonly Arrival[], dead: DeadLetter[], signal: AbortSignal): Promise<Line[]> {
    const bySecond = Map.groupBy(arrivals, ({ trade }) => secondOf(trade.symbol, trade.second));
    const lines: Line[] = [];
    const trades = arrivals.map(({ trade }) => trade);
    await this.#loader.load(trades, signal, (symbol, second, keys) => {
      const before = keys.size;
      for (const arrival of bySecond.get(secondOf(symbol, second)) ?? [])
        this.#placeIn(keys, arrival, lines, dead);
      this.#table.grewBy(keys.size - before);
    });
    return lines;
  }

  #placeIn(keys: SecondKeys, { trade, origin }: Arrival, lines: Line[], dead: DeadLetter[]): void {
    if (keys.size >= this.#keysOfSecond && !keys.has(trade)) {
      dead.push(deadLetter(origin, 'second_full', secondFull));
      return;
    }
    const placement = keys.place(trade, (stored) => {
      const text = tradeLine(trade.symbol, trade.second, stored);
      lines.push(stored.id === trade.id ? { text, origin } : { text });
    });
    if (placement === 'conflict') dead.push(conflict(origin));
  }
}

const secondOf = (symbol: string, second: number): string => `${symbol} ${String(second)}`;

function readEntries(entries: readonly StreamEntry[], dead: DeadLetter[]): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const { id: entryId, rows } of entries) {
    for (const row of rows) {
      const trade = parseTradeRow(row);
      const origin = { entryId, row };
      if (trade === undefined)
        dead.push(deadLetter(origin, 'unreadable', 'The row is no trade of this version.'));
      else arrivals.push({ trade, origin });
    }
  }
  return arrivals;
}

const secondFull =
  'The second of the symbol holds more trades than this process has memory for; replay it where there is more.';

function conflict(origin: Origin): DeadLetter {
  const detail = 'A stored trade has the same symbol, timestamp and trade id, but another price or size.';
  return deadLetter(origin, 'trade_conflict', detail);
}

function deadLetter({ entryId, row }: Origin, reason: string, detail: string): DeadLetter {
  return { entryId, reason, detail: detail.slice(0, longestDetail), row };
}
