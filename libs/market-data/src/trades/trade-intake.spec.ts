import { DatastoreStates } from '@app/lifecycle';
import type { RedisClient } from '@app/redis';
import { waitFor } from '@app/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { useRedis } from '../redis-server.fixture.js';
import { allShards, shardKeys, shardOf } from '../shards/shard.js';
import { intakeOn, nowMs, tick } from './trade-intake.fixture.js';
import type { TradeIntake } from './trade-intake.js';
import { parseTradeRow } from './trade-row.js';
import type { Trade } from './trade.js';

const second = Math.floor(nowMs / 1_000);

describe('TradeIntake', () => {
  const own = useRedis();
  let redis: RedisClient;
  let states: DatastoreStates;
  let intake: TradeIntake;

  beforeEach(() => {
    redis = own.redis;
    states = new DatastoreStates(['redis']);
    factsAre({ appendonly: true, maxmemory_policy: 'noeviction' });
    intake = intakeOn(redis, states);
  });

  function factsAre(facts: Record<string, string | boolean>): void {
    states.record('redis', { status: 'up', writable: true, facts });
  }

  async function storedTrades(): Promise<(Trade | undefined)[]> {
    const trades: (Trade | undefined)[] = [];
    for (const shard of allShards) {
      const entries = await redis.run((commands) => commands.xrange(shardKeys(shard).trades, '-', '+'));
      for (const [, fields] of entries) trades.push(...(fields[3] ?? '').split('\n').map(parseTradeRow));
    }
    return trades;
  }

  it('appends what it accepts, in whole ticks and lots', async () => {
    const ticks = [tick(), tick({ symbol: 'B', price: 1.07162, size: '0', tradeId: '~x', side: null })];
    expect(await intake.accept(ticks, nowMs)).toEqual({ accepted: 2, rejected: [] });
    const at = { second: Date.UTC(2026, 0, 2, 3) / 1_000, nanos: 0 };
    expect(await storedTrades()).toEqual(
      expect.arrayContaining([
        { symbol: 'A', ...at, id: 't1', ticks: '150', lots: '4', side: 'buy' },
        { symbol: 'B', ...at, id: '~~x', ticks: '107162', lots: '0', side: null },
      ]),
    );
  });

  it("gives a trade without a timestamp the server's time, and one without an id an id of its own", async () => {
    const bare = { symbol: 'A', price: 1, size: 1 };
    expect(await intake.accept([bare, bare], nowMs)).toEqual({ accepted: 2, rejected: [] });
    const trades = await storedTrades();
    expect(trades.map((trade) => [trade?.second, trade?.nanos])).toEqual([
      [second, 678_000_000],
      [second, 678_000_000],
    ]);
    expect(new Set(trades.map((trade) => trade?.id)).size).toBe(2);
  });

  it.each([
    [null, 'invalid_trade'],
    [7, 'invalid_trade'],
    [[], 'invalid_trade'],
    [{}, 'invalid_symbol'],
    [tick({ symbol: 'a' }), 'invalid_symbol'],
    [tick({ symbol: 5 }), 'invalid_symbol'],
    [tick({ symbol: "A' OR 1=1" }), 'invalid_symbol'],
    [tick({ symbol: 'NONE' }), 'unknown_symbol'],
    [tick({ symbol: '__proto__' }), 'invalid_symbol'],
    [tick({ symbol: 'H' }), 'instrument_halted'],
    [tick({ price: undefined }), 'invalid_price'],
    [tick({ price: 0 }), 'invalid_price'],
    [tick({ price: -1 }), 'invalid_price'],
    [tick({ price: 'NaN' }), 'invalid_price'],
    [tick({ price: Number.NaN }), 'invalid_price'],
    [tick({ price: Number.POSITIVE_INFINITY }), 'invalid_price'],
    [tick({ price: 1.001 }), 'off_tick_size'],
    [tick({ price: 0.1 + 0.2 }), 'decimal_inexact'],
    [tick({ price: '1e400' }), 'invalid_price'],
    [tick({ price: 1e300 }), 'decimal_out_of_range'],
    [tick({ size: -1 }), 'invalid_size'],
    [tick({ size: '' }), 'invalid_size'],
    [tick({ size: '0.3' }), 'off_lot_size'],
    [tick({ size: '500000000000000000' }), 'decimal_out_of_range'],
    [tick({ timestamp: 1_700_000_000 }), 'invalid_timestamp'],
    [tick({ timestamp: '2026-01-02' }), 'invalid_timestamp'],
    [tick({ timestamp: '1969-12-31T23:59:59.999Z' }), 'timestamp_out_of_range'],
    [tick({ timestamp: '2026-01-02T03:09:05.678000001Z' }), 'timestamp_out_of_range'],
    [tick({ tradeId: '' }), 'invalid_trade_id'],
    [tick({ tradeId: 7 }), 'invalid_trade_id'],
    [tick({ tradeId: 'a\tb' }), 'invalid_trade_id'],
    [tick({ side: 'BUY' }), 'invalid_side'],
  ])('rejects %j as %s, and takes the others', async (bad, code) => {
    const result = await intake.accept([bad, tick()], nowMs);
    expect(result).toEqual({ accepted: 1, rejected: [{ index: 0, code, detail: expect.any(String) }] });
    expect(await storedTrades()).toHaveLength(1);
  });

  it.each(['1970-01-01T00:00:00Z', '2026-01-02T03:09:05.678Z'])(
    'takes %s, the end of the range',
    async (timestamp) => {
      expect(await intake.accept([tick({ timestamp })], nowMs)).toEqual({ accepted: 1, rejected: [] });
    },
  );

  it('takes the largest price and size that 18 digits hold', async () => {
    const largest = { price: '9999999999999999.99', size: '499999999999999999.5' };
    expect(await intake.accept([tick(largest)], nowMs)).toEqual({ accepted: 1, rejected: [] });
    const all = '9'.repeat(18);
    expect((await storedTrades()).map((trade) => [trade?.ticks, trade?.lots])).toEqual([[all, all]]);
  });

  it('accepts a trade that a request brings twice, and takes it once', async () => {
    expect(await intake.accept([tick(), tick({ side: 'sell' })], nowMs)).toEqual({
      accepted: 2,
      rejected: [],
    });
    expect(await storedTrades()).toHaveLength(1);
  });

  it.each([{ price: '1.51' }, { size: 3 }])(
    'rejects the same trade with %j in one request as a conflict',
    async (other) => {
      const result = await intake.accept([tick(), tick(other)], nowMs);
      const rejected = [{ index: 1, code: 'trade_conflict', detail: expect.any(String) }];
      expect(result).toEqual({ accepted: 1, rejected });
    },
  );

  it('asks nothing of Redis when all trades are rejected', async () => {
    await redis.run((commands) => commands.config('RESETSTAT'));
    await intake.accept([tick({ price: -1 })], nowMs);
    const stats = await redis.run((commands) => commands.info('commandstats'));
    expect(stats).not.toContain('evalsha');
  });

  it.each([0, 10_001])('refuses a request of %i trades', async (count) => {
    const ticks = Array.from({ length: count }, () => tick());
    await expect(intake.accept(ticks, nowMs)).rejects.toMatchObject({ code: 'batch_size_invalid' });
  });

  describe('with a bounded backlog', () => {
    it('takes what fits, and refuses the rest until trades are done', async () => {
      const bounded = intakeOn(redis, states, { maxBacklog: 3 });
      const trades = (...ids: string[]): unknown[] => ids.map((tradeId) => tick({ tradeId }));
      await bounded.accept(trades('1', '2'), nowMs);
      await expect(bounded.accept(trades('3', '4'), nowMs)).rejects.toMatchObject({
        code: 'backlog_full',
        data: { waiting: 2, retryAfterSeconds: 2 },
      });
      await bounded.accept(trades('5'), nowMs);
      await redis.run((commands) => commands.set(shardKeys(shardOf('A')).backlog, 0));
      await waitFor(() => bounded.accept(trades('6', '7', '8'), nowMs).then(() => true), {
        timeoutMs: 5_000,
      });
    });

    it('counts the trades that wait in all shards', async () => {
      for (const shard of allShards)
        await redis.run((commands) => commands.set(shardKeys(shard).backlog, 10));
      await expect(
        intakeOn(redis, states, { maxBacklog: 160 }).accept([tick()], nowMs),
      ).rejects.toMatchObject({ code: 'backlog_full' });
    });

    it('counts what other processes have appended to the same shard since it looked', async () => {
      const bounded = intakeOn(redis, states, { maxBacklog: 3 });
      await bounded.accept([tick()], nowMs);
      await redis.run((commands) => commands.set(shardKeys(shardOf('A')).backlog, 3));
      await expect(bounded.accept([tick({ tradeId: '2' })], nowMs)).rejects.toMatchObject({
        code: 'backlog_full',
      });
    });
  });

  describe('with INGEST_DURABILITY=aof', () => {
    it.each([
      [{ appendonly: false, maxmemory_policy: 'noeviction' }, /without appendonly/],
      [{ appendonly: true, maxmemory_policy: 'allkeys-lru' }, /evict/],
    ])('refuses trades while Redis has %j', async (facts, message) => {
      factsAre(facts);
      await expect(intake.accept([tick()], nowMs)).rejects.toMatchObject({
        code: 'redis_not_durable',
        detail: expect.stringMatching(message),
      });
      expect(
        await intakeOn(redis, states, { maxBacklog: 10, durability: 'memory' }).accept([tick()], nowMs),
      ).toEqual({ accepted: 1, rejected: [] });
    });

    it('holds on to what it knew of Redis when a check fails', async () => {
      states.record('redis', { status: 'degraded', writable: true, reason: 'timeout' });
      expect(await intake.accept([tick()], nowMs)).toEqual({ accepted: 1, rejected: [] });
    });
  });
});
