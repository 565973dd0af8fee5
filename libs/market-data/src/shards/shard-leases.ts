import { randomBytes } from 'node:crypto';
import type { RedisClient } from '@app/redis';
import { acquireScript, heartbeatScript, releaseScript } from './lease-scripts.js';
import { allShards, leasesMessage, shardKeys, wakeChannel, writersKey } from './shard.js';

/** A writer that is silent for longer counts as dead, and others may take its shards. In milliseconds. */
export const longestSilenceMs = 8_000;

/**
 * Which shards this process owns. The living writers divide the shards among them by the same rule; a lease has no
 * end of its own, it is given up by its owner or taken from a dead one. A paused owner that comes to life again finds
 * its token gone: the scripts that take and remove trades check it.
 */
export class ShardLeases {
  readonly #redis: RedisClient;
  readonly #name = randomBytes(8).toString('hex');
  readonly #tokens = new Map<number, string>();
  #acquired = 0;

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  /** Tells that this process lives; answers the living writers' names in order. Throws a DatastoreError. */
  async heartbeat(): Promise<readonly string[]> {
    const names = await this.#redis.run((redis) =>
      heartbeatScript.run(redis, [writersKey], [this.#name, longestSilenceMs, leasesMessage, wakeChannel]),
    );
    return names as string[];
  }

  /** The shards that this process should own among these writers. */
  share(alive: readonly string[]): ReadonlySet<number> {
    return new Set(allShards.filter((shard) => alive[shard % alive.length] === this.#name));
  }

  /** Tries to get shards whose leases are free or belong to nobody alive; answers the tokens got. Throws a DatastoreError. */
  async acquire(shards: readonly number[], alive: readonly string[]): Promise<ReadonlyMap<number, string>> {
    if (shards.length === 0) return new Map();
    const holders = await this.#redis.pipeline((pipeline) => {
      for (const shard of shards) pipeline.get(shardKeys(shard).lease);
    });
    const got = new Map<number, string>();
    await Promise.all(
      shards.map(async (shard, index) => {
        const holder = holders[index] as string | null;
        if (holder !== null && alive.includes(nameOf(holder)) && nameOf(holder) !== this.#name) return;
        const token = `${this.#name}.${String(++this.#acquired)}`;
        const given = await this.#redis.run((redis) =>
          acquireScript.run(redis, [shardKeys(shard).lease], [token, holder ?? '']),
        );
        if (given === 1) got.set(shard, token);
      }),
    );
    for (const [shard, token] of got) this.#tokens.set(shard, token);
    return got;
  }

  /** Gives shards up, and tells the others. Throws a DatastoreError. */
  async release(shards: Iterable<number>): Promise<void> {
    await Promise.all(
      [...shards].map(async (shard) => {
        const token = this.#tokens.get(shard);
        this.#tokens.delete(shard);
        if (token === undefined) return;
        await this.#redis.run((redis) =>
          releaseScript.run(redis, [shardKeys(shard).lease], [token, leasesMessage, wakeChannel]),
        );
      }),
    );
  }

  /** Is no writer any more: the others divide its shards among them at once. Throws a DatastoreError. */
  async leave(): Promise<void> {
    await this.#redis.run((redis) => redis.zrem(writersKey, this.#name));
    await this.release(this.#tokens.keys());
    await this.#redis.run((redis) => redis.publish(wakeChannel, leasesMessage));
  }
}

/** The writer's name in a token. */
function nameOf(token: string): string {
  return token.slice(0, token.indexOf('.'));
}
