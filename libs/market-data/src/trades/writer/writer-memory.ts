import { getHeapStatistics } from 'node:v8';

/** What the writer may keep in memory, as it follows from the heap. */
export interface WriterMemory {
  /** Trades of the table that tells what is stored. */
  readonly keys: number;
  /** Trades of one second of a symbol: their second cannot be divided. */
  readonly keysOfSecond: number;
  /** Batches that are written at once. */
  readonly batches: number;
}

/** Of a trade in the table, in bytes. */
const keyBytes = 215;
/** Of the largest batch, some 15,000 trades, as rows, trades and lines; in bytes. */
const batchBytes = 12 * 2 ** 20;

/** What lives without any trades, requests and batches aside, in bytes. */
const applicationBytes = 64 * 2 ** 20;

/** The table's part of the heap, or of what is left of a larger one: what it lacks must be read from InfluxDB. */
const tableParts = { ofAll: 1 / 8, ofRest: 0.3 } as const;
const secondPart = 1 / 4;
const batchPart = 1 / 7;

/** More than trades of a minute is needed by nobody who sends them as they come. */
const mostKeys = 500_000;
/** With more at once InfluxDB takes none of them sooner. */
const mostBatches = 16;

/** @param heapBytes How large V8's heap may become. */
export function writerMemory(heapBytes = getHeapStatistics().heap_size_limit): WriterMemory {
  const tableBytes = Math.max(
    heapBytes * tableParts.ofAll,
    (heapBytes - applicationBytes) * tableParts.ofRest,
  );
  return {
    keys: Math.min(mostKeys, Math.floor(tableBytes / keyBytes)),
    keysOfSecond: Math.floor((heapBytes * secondPart) / keyBytes),
    batches: Math.min(mostBatches, Math.max(1, Math.floor((heapBytes * batchPart) / batchBytes))),
  };
}
