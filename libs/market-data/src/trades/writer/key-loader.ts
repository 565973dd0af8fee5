import type { InfluxClient } from '@app/influxdb';
import type { Trade } from '../trade.js';
import type { KeyTable } from './key-table.js';
import { SecondKeys } from './second-keys.js';
import {
  type BegunSecond,
  type ReadRequest,
  readStoredTrades,
  type StoredSeconds,
} from './stored-trade-reader.js';

/** Statements of one query, and points that it may read: some 40 ms of InfluxDB's time. */
const maxStatements = 100;
const maxPoints = 5_000;

/** Seconds that are read beyond those needed: live trades come next, and there is nothing yet to read. */
const ahead = 300;

/** With more points than that for a second that is needed, a statement for each such second costs less. */
const pointsPerSecond = 50;

/** With more trades than that a second that is not read whole is read to its end before any other. */
const dense = 500;

/** Is told what is stored of a second that trades belong to, once for each, and uses it at once. */
export type KnownSecond = (symbol: string, second: number, keys: SecondKeys) => void;

/** What must be read of one symbol. */
interface Load {
  readonly symbol: string;
  /** The seconds that trades belong to and that are not known yet, ascending. */
  missing: readonly number[];
  /** The seconds that were told: what was read of them since does not have the trades that were placed. */
  readonly told: Set<number>;
  /** Whether each of them is read by itself, and not all that lies between them. */
  singly: boolean;
  readonly begun: Map<number, BegunSecond>;
}

/**
 * Finds out what is stored of the seconds that trades belong to, one by one: all of them together may be more than the
 * memory holds.
 */
export class KeyLoader {
  readonly #influxdb: InfluxClient;
  readonly #table: KeyTable;

  constructor(influxdb: InfluxClient, table: KeyTable) {
    this.#influxdb = influxdb;
    this.#table = table;
  }

  /** Resolves once each second of the trades has been told. Throws a DatastoreError. */
  async load(trades: readonly Trade[], signal: AbortSignal, known: KnownSecond): Promise<void> {
    let unfinished = this.#unknown(trades, known);
    while (unfinished.length > 0) {
      await this.#read(unfinished, signal, known);
      unfinished = unfinished.filter(({ missing }) => missing.length > 0);
    }
  }

  /** Tells the seconds that the table knows, and returns the others. */
  #unknown(trades: readonly Trade[], known: KnownSecond): readonly Load[] {
    const seconds = Map.groupBy(trades, ({ symbol }) => symbol);
    return [...seconds].flatMap(([symbol, ofSymbol]): Load[] => {
      const needed = new Set(ofSymbol.map(({ second }) => second));
      const told = new Set<number>();
      for (const second of needed) {
        const keys = this.#table.get(symbol, second);
        if (keys === undefined) continue;
        known(symbol, second, keys);
        told.add(second);
      }
      const missing = [...needed].filter((second) => !told.has(second)).toSorted((a, b) => a - b);
      return missing.length === 0 ? [] : [{ symbol, missing, told, singly: false, begun: new Map() }];
    });
  }

  async #read(loads: readonly Load[], signal: AbortSignal, known: KnownSecond): Promise<void> {
    const parts = partsOf(loads);
    const limit = Math.floor(maxPoints / parts.length);
    const requests = parts.map(({ load, from, to }): ReadRequest => {
      return { symbol: load.symbol, from, to, limit, begun: load.begun.get(from) };
    });
    const answers = await readStoredTrades(this.#influxdb, requests, signal);
    for (const [index, answer] of answers.entries()) {
      const [part, request] = [parts[index], requests[index]];
      if (part !== undefined && request !== undefined) this.#apply(part.load, request, answer, known);
    }
  }

  #apply(
    load: Load,
    { from, to, limit }: ReadRequest,
    { seconds, begun }: StoredSeconds,
    known: KnownSecond,
  ): void {
    const until = begun?.second ?? to;
    this.#table.fill(load.symbol, { from, to: until }, seconds, load.told);
    const found = load.missing.filter((second) => second >= from && second < until);
    load.missing = load.missing.filter((second) => second < from || second >= until);
    for (const second of found) {
      load.begun.delete(second);
      // The table may have dropped it again.
      const keys = this.#table.get(load.symbol, second) ?? seconds.get(second) ?? new SecondKeys();
      known(load.symbol, second, keys);
      load.told.add(second);
    }
    if (begun === undefined) return;
    if (load.missing.includes(begun.second)) load.begun.set(begun.second, begun);
    load.singly ||= found.length * pointsPerSecond < limit;
  }
}

interface Part {
  readonly load: Load;
  readonly from: number;
  readonly to: number;
}

/** What to read next. A second that was begun and holds much comes first, and alone: the less is held at once. */
function partsOf(loads: readonly Load[]): readonly Part[] {
  const parts = loads.flatMap((load) => rangesOf(load).map((range) => ({ load, ...range })));
  const begun = parts.find(({ load, from }) => (load.begun.get(from)?.keys.size ?? 0) > dense);
  return begun === undefined ? parts.slice(0, maxStatements) : [begun];
}

function rangesOf({ missing, singly }: Load): readonly { from: number; to: number }[] {
  if (singly) return missing.slice(0, maxStatements).map((second) => ({ from: second, to: second + 1 }));
  const [from = 0] = missing;
  return [{ from, to: (missing.at(-1) ?? from) + 1 + ahead }];
}
