import type { IngestConfig } from '@app/config';
import { pause } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import {
  type DeadLetter,
  LeaseLostError,
  type ShardStream,
  type StreamEntry,
} from '../../shards/shard-stream.js';
import { Gathering } from './gathering.js';
import type { TradeStorage } from './trade-storage.js';
import type { WriteOutage } from './write-outage.js';

const shortestPauseMs = 100;
const longestPauseMs = 2_000;

/** Brings the trades of one shard into InfluxDB, in order, one batch at a time. */
export class ShardWriter {
  readonly #stream: ShardStream;
  readonly #storage: TradeStorage;
  readonly #outage: WriteOutage;
  readonly #batchSize: number;
  readonly #gathering: Gathering;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  /** Whether entries may be pending that were taken before and are not done. */
  #hasPending = true;

  constructor(
    stream: ShardStream,
    storage: TradeStorage,
    outage: WriteOutage,
    ingest: IngestConfig,
    logger: Logger,
  ) {
    this.#stream = stream;
    this.#storage = storage;
    this.#outage = outage;
    this.#batchSize = ingest.batchSize;
    this.#gathering = new Gathering(ingest.batchSize, ingest.flushIntervalMs);
    this.#logger = logger;
  }

  /** Trades have been appended to the shard's stream. */
  announce(trades: number): void {
    this.#gathering.add(trades);
  }

  /** Works until it is stopped or the lease is lost. When the signal aborts, the running batch is left to the next owner. */
  async run(signal: AbortSignal): Promise<void> {
    this.#beginAgain();
    let pauseMs = shortestPauseMs;
    while (!this.#isStopping()) {
      await this.#gathering.due();
      try {
        while (await this.#storage.withRoom(() => this.#writeBatch(signal))) pauseMs = shortestPauseMs;
      } catch (error) {
        if (error instanceof LeaseLostError || signal.aborted) return;
        this.#outage.failed(this.#stream.shard, error);
        this.#beginAgain();
        await pause(pauseMs, this.#stopping.signal);
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  }

  /** Lets the running batch finish, after which `run` resolves. */
  stop(): void {
    this.#stopping.abort();
    this.#gathering.hurry();
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** What was taken and is not done comes again, and what is stored of it must be looked up. */
  #beginAgain(): void {
    this.#hasPending = true;
    this.#storage.forget(this.#stream.shard);
    this.#gathering.hurry();
  }

  /** Whether there is likely more to do at once. */
  async #writeBatch(signal: AbortSignal): Promise<boolean> {
    if (this.#isStopping()) return false;
    const entries = await this.#stream.take(this.#hasPending ? 'pending' : 'new', this.#batchSize);
    this.#hasPending ||= this.#stream.leftPending;
    if (entries.length === 0) {
      const hadPending = this.#hasPending;
      this.#hasPending = false;
      return hadPending;
    }
    const dead = await this.#storage.store(this.#stream.shard, entries, signal);
    await this.#stream.acknowledge(entries, dead);
    this.#outage.worked(this.#stream.shard);
    this.#report(entries, dead);
    const trades = entries.reduce((sum, entry) => sum + entry.trades, 0);
    return this.#hasPending || trades >= this.#batchSize;
  }

  #report(entries: readonly StreamEntry[], dead: readonly DeadLetter[]): void {
    const { shard } = this.#stream;
    const lost = entries.filter((entry) => entry.lost).map(({ id }) => id);
    if (lost.length > 0) {
      this.#logger.error(
        { shard, entries: lost },
        'Trades were lost: entries that had been taken were deleted in Redis by somebody else.',
      );
    }
    if (dead.length > 0) {
      const reasons = [...new Set(dead.map(({ reason }) => reason))];
      this.#logger.error(
        { shard, trades: dead.length, reasons },
        'Trades cannot be stored, and were kept as dead letters.',
      );
    }
  }
}
