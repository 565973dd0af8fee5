import type { RedisClient } from '@app/redis';
import { beforeEach, describe, expect, it } from 'vitest';
import { useRedis } from '../redis-server.fixture.js';
import { longestSilenceMs, ShardLeases } from './shard-leases.js';
import { allShards, shardKeys, writersKey } from './shard.js';

describe('ShardLeases', () => {
  const own = useRedis();
  let redis: RedisClient;
  beforeEach(() => void (redis = own.redis));

  async function silence(leases: ShardLeases): Promise<void> {
    const name = (await leases.heartbeat()).find((alive) => leases.share([alive]).size > 0) ?? '';
    await redis.run((commands) => commands.zincrby(writersKey, -2 * longestSilenceMs, name));
  }

  it('divide the shards among the living so that each has one owner', async () => {
    const writers = [new ShardLeases(redis), new ShardLeases(redis), new ShardLeases(redis)];
    for (const writer of writers) await writer.heartbeat();
    const shares: number[][] = [];
    for (const writer of writers) shares.push([...writer.share(await writer.heartbeat())]);
    expect(shares.flat().toSorted((a, b) => a - b)).toEqual(allShards);
    expect(shares.map((share) => share.length).toSorted((a, b) => a - b)).toEqual([5, 5, 6]);
  });

  it('are not given while a living writer holds them', async () => {
    const [first, second] = [new ShardLeases(redis), new ShardLeases(redis)];
    await first.acquire([0, 1], await first.heartbeat());
    await second.heartbeat();
    const alive = await first.heartbeat();
    expect([...(await second.acquire([0, 2], alive)).keys()]).toEqual([2]);
    await first.release([0]);
    expect([...(await second.acquire([0, 1], alive)).keys()]).toEqual([0]);
  });

  it('are taken from a writer that has been silent for too long', async () => {
    const [first, second] = [new ShardLeases(redis), new ShardLeases(redis)];
    const [token] = [...(await first.acquire([0], await first.heartbeat())).values()];
    await silence(first);
    const alive = await second.heartbeat();
    expect(alive).toHaveLength(1);
    const [taken] = [...(await second.acquire([0], alive)).values()];
    expect(await redis.run((commands) => commands.get(shardKeys(0).lease))).toBe(taken);
    await first.release([0]);
    expect([taken === token, await redis.run((commands) => commands.get(shardKeys(0).lease))]).toEqual([
      false,
      taken,
    ]);
  });

  it('are free at once after their owner has left', async () => {
    const [first, second] = [new ShardLeases(redis), new ShardLeases(redis)];
    await first.acquire(allShards, await first.heartbeat());
    await first.leave();
    const alive = await second.heartbeat();
    expect((await second.acquire(allShards, alive)).size).toBe(allShards.length);
  });
});
