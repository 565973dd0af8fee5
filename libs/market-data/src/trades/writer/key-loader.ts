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

/** What must be read of one symbol. */
interface Load {
  readonly symbol: string;
  /** The seconds that trades belong to. */
  readonly keys: Map<number, SecondKeys | undefined>;
  /** Those that are not known yet, ascending. */
  missing: readonly number[];
  /** Whether each of them is read by itself, and not all that lies between them. */
  singly: boolean;
  readonly begun: Map<number, BegunSecond>;
}

/** Makes sure that the table knows what is stored of the seconds that trades belong to. */
export class KeyLoader {
  readonly #influxdb: InfluxClient;
  readonly #table: KeyTable;

  constructor(influxdb: InfluxClient, table: KeyTable) {
    this.#influxdb = influxdb;
    this.#table = table;
  }

  /** The keys of each trade's second, in the order of the trades. Throws a DatastoreError. */
  async load(trades: readonly Trade[], signal: AbortSignal): Promise<readonly SecondKeys[]> {
    const loads = this.#loadsFor(trades);
    let unfinished = [...loads.values()];
    for (;;) {
      unfinished = unfinished.filter(({ missing }) => missing.length > 0);
      if (unfinished.length === 0) break;
      await this.#read(unfinished, signal);
    }
    return trades.map(({ symbol, second }) => {
      const keys = loads.get(symbol)?.keys.get(second);
      if (keys === undefined) throw new Error(`Second ${String(second)} of ${symbol} was not read.`);
      return keys;
    });
  }

  #loadsFor(trades: readonly Trade[]): ReadonlyMap<string, Load> {
    const loads = new Map<string, Load>();
    for (const { symbol, second } of trades) {
      let load = loads.get(symbol);
      if (load === undefined) {
        load = { symbol, keys: new Map(), missing: [], singly: false, begun: new Map() };
        loads.set(symbol, load);
      }
      if (!load.keys.has(second)) load.keys.set(second, this.#table.get(symbol, second));
    }
    for (const load of loads.values()) {
      const unknown = [...load.keys].filter(([, keys]) => keys === undefined);
      load.missing = unknown.map(([second]) => second).toSorted((a, b) => a - b);
    }
    return loads;
  }

  async #read(loads: readonly Load[], signal: AbortSignal): Promise<void> {
    const parts = loads
      .flatMap((load) => rangesOf(load).map((range) => ({ load, ...range })))
      .slice(0, maxStatements);
    const limit = Math.floor(maxPoints / parts.length);
    const requests = parts.map(({ load, from, to }): ReadRequest => {
      return { symbol: load.symbol, from, to, limit, begun: load.begun.get(from) };
    });
    const answers = await readStoredTrades(this.#influxdb, requests, signal);
    for (const [index, answer] of answers.entries()) {
      const [part, request] = [parts[index], requests[index]];
      if (part !== undefined && request !== undefined) this.#apply(part.load, request, answer);
    }
    for (const load of loads) {
      load.missing = load.missing.filter((second) => load.keys.get(second) === undefined);
    }
  }

  #apply(load: Load, { from, to, limit }: ReadRequest, { seconds, begun }: StoredSeconds): void {
    const until = begun?.second ?? to;
    this.#table.fill(load.symbol, { from, to: until }, seconds);
    const found = load.missing.filter((second) => second >= from && second < until);
    for (const second of found) {
      // Held here as well, since the table may drop them while other symbols are read.
      const keys =
        this.#table.get(load.symbol, second) ?? this.#table.add(load.symbol, second, new SecondKeys());
      load.keys.set(second, keys);
    }
    if (begun === undefined) return;
    load.begun.set(begun.second, begun);
    load.singly ||= found.length * pointsPerSecond < limit;
  }
}

function rangesOf({ missing, singly }: Load): readonly { from: number; to: number }[] {
  if (singly) return missing.slice(0, maxStatements).map((second) => ({ from: second, to: second + 1 }));
  const [from = 0] = missing;
  return [{ from, to: (missing.at(-1) ?? from) + 1 + ahead }];
}
