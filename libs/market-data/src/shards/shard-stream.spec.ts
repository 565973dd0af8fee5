import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@app/redis';
import { beforeEach, describe, expect, it } from 'vitest';
import { useRedis } from '../redis-server.fixture.js';
import { LeaseLostError, ShardStream, type StreamEntry } from './shard-stream.js';
import { shardKeys } from './shard.js';

const keys = shardKeys(0);

describe('ShardStream', () => {
  const own = useRedis();
  let redis: RedisClient;
  let token: string;
  let stream: ShardStream;

  beforeEach(async () => {
    redis = own.redis;
    token = randomUUID();
    stream = new ShardStream(redis, 0, token);
    await redis.run((commands) => commands.set(keys.lease, token));
  });

  async function append(...sizes: number[]): Promise<string[]> {
    const ids: string[] = [];
    for (const size of sizes) {
      const rows = Array.from({ length: size }, (_, index) => `row ${String(index)}`).join('\n');
      const [id] = await redis.pipeline((pipeline) =>
        pipeline.xadd(keys.trades, '*', 'trades', size, 'rows', rows).incrby(keys.backlog, size),
      );
      ids.push(String(id));
    }
    return ids;
  }

  const backlog = (): Promise<string | null> => redis.run((commands) => commands.get(keys.backlog));
  const length = (): Promise<number> => redis.run((commands) => commands.xlen(keys.trades));

  it('is empty before anything was appended', async () => {
    expect([await stream.take('pending', 10), await stream.take('new', 10)]).toEqual([[], []]);
  });

  it('takes whole entries in order until they hold enough trades', async () => {
    const ids = await append(3, 1, 4, 2, 2);
    const first = await stream.take('new', 5);
    const second = await stream.take('new', 100);
    expect([...first, ...second].map(({ id, trades }) => [id, trades])).toEqual(
      ids.map((id, index) => [id, [3, 1, 4, 2, 2][index]]),
    );
    expect(first.map(({ trades }) => trades)).toEqual([3, 1, 4]);
    expect(first[1]).toEqual({ id: ids[1], trades: 1, rows: ['row 0'], lost: false });
  });

  it('never takes more than was asked for and an entry, whatever the sizes of the entries', async () => {
    const sizes = [...Array.from({ length: 50 }, () => 1), ...Array.from({ length: 50 }, () => 1_000)];
    const ids = await append(...sizes);
    const taken: (readonly StreamEntry[])[] = [];
    for (let from: 'new' | 'pending' | 'end' = 'new'; from !== 'end';) {
      const batch = await stream.take(from, 100);
      await stream.acknowledge(batch, []);
      taken.push(batch);
      if (stream.leftPending) from = 'pending';
      else if (batch.length === 0) from = from === 'pending' ? 'new' : 'end';
    }
    expect(taken.flat().map(({ id }) => id)).toEqual(ids);
    const trades = taken.map((batch) => batch.reduce((sum, entry) => sum + entry.trades, 0));
    expect(Math.max(...trades)).toBeLessThan(100 + 1_000);
  });

  it('gives the next owner what the last one had taken, in order, before anything new', async () => {
    const ids = await append(1, 1, 1);
    await stream.take('new', 2);
    await redis.run((commands) => commands.set(keys.lease, 'next'));
    const next = new ShardStream(redis, 0, 'next');
    const pending = await next.take('pending', 10);
    expect(pending.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    await next.acknowledge(pending, []);
    expect(await next.take('pending', 10)).toEqual([]);
    expect((await next.take('new', 10)).map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it('gives nothing to an owner whose lease has gone, and removes nothing for it', async () => {
    await append(1);
    const entries = await stream.take('new', 1);
    await redis.run((commands) => commands.set(keys.lease, 'next'));
    await expect(stream.take('pending', 1)).rejects.toThrow(LeaseLostError);
    await expect(stream.acknowledge(entries, [])).rejects.toThrow(LeaseLostError);
    expect([await length(), await backlog()]).toEqual([1, '1']);
  });

  it('removes acknowledged entries and counts them down', async () => {
    await append(3, 4);
    await stream.acknowledge(await stream.take('new', 3), []);
    expect([await length(), await backlog(), await stream.take('pending', 1)]).toEqual([1, '4', []]);
  });

  it('keeps dead letters once, however often the acknowledgement is sent', async () => {
    await append(2);
    const entries = await stream.take('new', 2);
    const entryId = entries[0]?.id ?? '';
    const dead = [{ entryId, reason: 'trade_conflict', detail: 'Another price.', row: 'row 1' }];
    await stream.acknowledge(entries, dead);
    await stream.acknowledge(entries, dead);
    const kept = await redis.run((commands) => commands.xrange(keys.dead, '-', '+'));
    expect(kept.map(([, fields]) => fields)).toEqual([
      ['reason', 'trade_conflict', 'detail', 'Another price.', 'row', 'row 1'],
    ]);
    expect([await length(), await backlog()]).toEqual([0, '0']);
  });

  it('tells of entries that were deleted after they had been taken', async () => {
    const [id = ''] = await append(1, 1);
    await stream.take('new', 2);
    await redis.run((commands) => commands.xdel(keys.trades, id));
    const pending = await stream.take('pending', 2);
    expect(pending.map(({ lost }) => lost)).toEqual([true, false]);
    await stream.acknowledge(pending, []);
    expect([await stream.take('pending', 2), await backlog()]).toEqual([[], '0']);
  });
});
