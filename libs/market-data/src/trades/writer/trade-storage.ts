import type { InfluxClient } from '@app/influxdb';
import type { DeadLetter, StreamEntry } from '../../shards/shard-stream.js';
import { parseTradeRow } from '../trade-row.js';
import type { Trade } from '../trade.js';
import { KeyLoader } from './key-loader.js';
import { KeyTable } from './key-table.js';
import { writeLines } from './point-writer.js';
import { tradeLine } from './stored-trade.js';

/** Some 20 to 45 MB. */
const maxKeys = 120_000;

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
  readonly #table = new KeyTable(maxKeys);
  readonly #loader: KeyLoader;

  constructor(influxdb: InfluxClient) {
    this.#influxdb = influxdb;
    this.#loader = new KeyLoader(influxdb, this.#table);
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
    const keys = await this.#loader.load(
      arrivals.map(({ trade }) => trade),
      signal,
    );
    const lines: Line[] = [];
    for (const [index, { trade, origin }] of arrivals.entries()) {
      const placement = keys[index]?.place(trade, (stored) => {
        const text = tradeLine(trade.symbol, trade.second, stored);
        lines.push(stored.id === trade.id ? { text, origin } : { text });
      });
      if (placement === 'conflict') dead.push(conflict(origin));
    }
    this.#table.grewBy(lines.length);
    return lines;
  }
}

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

function conflict(origin: Origin): DeadLetter {
  const detail = 'A stored trade has the same symbol, timestamp and trade id, but another price or size.';
  return deadLetter(origin, 'trade_conflict', detail);
}

function deadLetter({ entryId, row }: Origin, reason: string, detail: string): DeadLetter {
  return { entryId, reason, detail: detail.slice(0, longestDetail), row };
}
