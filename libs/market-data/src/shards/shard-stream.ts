import type { RedisClient } from '@app/redis';
import { type ShardKeys, shardKeys } from './shard.js';
import { acknowledgeScript, takeScript } from './stream-scripts.js';

/** An entry of a shard's stream: what one request brought. */
export interface StreamEntry {
  readonly id: string;
  readonly trades: number;
  readonly rows: readonly string[];
  /** The entry was taken before, but has been deleted since by somebody else. */
  readonly lost: boolean;
}

/** A trade that cannot be stored. */
export interface DeadLetter {
  readonly entryId: string;
  /** A code: `trade_conflict`, `refused_by_influxdb` or `unreadable`. */
  readonly reason: string;
  readonly detail: string;
  readonly row: string;
}

/** Another writer owns the shard now. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** A shard's stream as its owner sees it. After the lease has gone to another owner, nothing can be taken or removed. */
export class ShardStream {
  readonly shard: number;
  readonly #redis: RedisClient;
  readonly #token: string;
  readonly #keys: ShardKeys;
  #left = false;

  constructor(redis: RedisClient, shard: number, token: string) {
    this.shard = shard;
    this.#redis = redis;
    this.#token = token;
    this.#keys = shardKeys(shard);
  }

  /** Whether the last `take` of new entries has left some among the pending ones, which come first. */
  get leftPending(): boolean {
    return this.#left;
  }

  /**
   * The next entries, until they hold that many trades or there are no more. Throws a LeaseLostError or a DatastoreError.
   */
  async take(from: 'pending' | 'new', trades: number): Promise<readonly StreamEntry[]> {
    const keys = [this.#keys.trades, this.#keys.lease];
    const args = [this.#token, from === 'pending' ? '0' : '>', trades];
    const answer = await this.#redis.run((redis) => takeScript.run(redis, keys, args));
    if (answer === null) throw new LeaseLostError(`Shard ${String(this.shard)} has another owner.`);
    const [entries, left] = answer as [[string, string | null, string | null][], number];
    this.#left = left === 1;
    return entries.map(([id, count, rows]) => ({
      id,
      trades: Number(count ?? 0),
      rows: rows === null ? [] : rows.split('\n'),
      lost: rows === null,
    }));
  }

  /** Removes entries for good, once their trades are stored. Throws a LeaseLostError or a DatastoreError. */
  async acknowledge(entries: readonly StreamEntry[], dead: readonly DeadLetter[]): Promise<void> {
    const { trades, lease, backlog, dead: deadKey } = this.#keys;
    const args = [
      this.#token,
      entries.length,
      ...entries.flatMap((entry) => [entry.id, entry.trades]),
      ...dead.flatMap(({ entryId, reason, detail, row }) => [entryId, reason, detail, row]),
    ];
    const answer = await this.#redis.run((redis) =>
      acknowledgeScript.run(redis, [trades, lease, backlog, deadKey], args),
    );
    if (answer !== 1) throw new LeaseLostError(`Shard ${String(this.shard)} has another owner.`);
  }
}
