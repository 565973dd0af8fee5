import { AppError } from '@app/errors';
import type { RedisClient } from '@app/redis';
import { appendScript } from '../shards/append-script.js';
import { allShards, shardKeys, wakeChannel } from '../shards/shard.js';
import { marketDataErrors } from '../market-data.errors.js';
import type { ShardBatch } from './trade-batch.js';

/** How old the numbers of waiting trades may be that a batch is checked against, in milliseconds. */
const freshForMs = 250;

const retryAfterSeconds = 2;

/** The trades that wait in Redis for the writers, in a bounded number. */
export class TradeLog {
  readonly #redis: RedisClient;
  readonly #maxBacklog: number;
  /** Trades waiting, by shard, as last seen. */
  readonly #waiting: number[] = allShards.map(() => 0);
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(redis: RedisClient, maxBacklog: number) {
    this.#redis = redis;
    this.#maxBacklog = maxBacklog;
  }

  /**
   * Appends a request's trades, each shard's as one step; resolves once Redis has all of them. Throws an AppError
   * `backlog_full` or a DatastoreError: then none, some or all were taken.
   *
   * One shard alone never exceeds the bound. Over several, the total may pass it by what all processes append within
   * a quarter of a second, since under Redis Cluster no script sees all shards.
   */
  async append(batches: readonly ShardBatch[]): Promise<void> {
    const coming = batches.reduce((sum, { rows }) => sum + rows.length, 0);
    const total = await this.#total();
    if (total + coming > this.#maxBacklog) throw backlogFull(total);
    const taken = await Promise.all(batches.map((batch) => this.#appendTo(batch, total)));
    if (taken.includes(false)) throw backlogFull(sum(this.#waiting));
  }

  async #appendTo({ shard, rows, quotes }: ShardBatch, total: number): Promise<boolean> {
    const { trades, backlog, quotes: quotesKey, lastUpdate } = shardKeys(shard);
    const mayWait = this.#maxBacklog - total + (this.#waiting[shard] ?? 0);
    const offered = quotes.flatMap(({ symbol, orderKey, text, channel }) => [
      symbol,
      orderKey,
      text,
      channel,
    ]);
    const wake = `${String(shard)} ${String(rows.length)}`;
    const keys = [trades, backlog, quotesKey, lastUpdate];
    const args = [rows.join('\n'), rows.length, mayWait, wake, wakeChannel, ...offered];
    const answer = await this.#redis.run((redis) => appendScript.run(redis, keys, args));
    const [taken, waiting] = answer as [number, number];
    this.#waiting[shard] = waiting;
    return taken === 1;
  }

  async #total(): Promise<number> {
    const now = performance.now();
    if (now - this.#countedAt > freshForMs) {
      this.#countedAt = now;
      const counts = await this.#redis.pipeline((pipeline) => {
        for (const shard of allShards) pipeline.get(shardKeys(shard).backlog);
      });
      for (const shard of allShards) this.#waiting[shard] = Number(counts[shard] ?? 0);
    }
    return sum(this.#waiting);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function backlogFull(waiting: number): AppError {
  return new AppError(marketDataErrors.backlog_full, `${String(waiting)} trades wait to be stored.`, {
    data: { waiting, retryAfterSeconds },
  });
}
