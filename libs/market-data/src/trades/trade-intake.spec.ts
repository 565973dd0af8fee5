import { type DevServer, startRedis } from '@app/dev-services';
import { DatastoreStates } from '@app/lifecycle';
import { RedisClient } from '@app/redis';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Instrument } from '../instruments/instrument.js';
import { parseQuoteMessage, quoteChannel } from '../quotes/quote-channel.js';
import { QuoteStore } from '../quotes/quote-store.js';
import type { Quote } from '../quotes/quote.js';
import { allShards, shardKeys, shardOf } from '../shards/shard.js';
import { DurabilityGate } from './durability-gate.js';
import { TradeIntake } from './trade-intake.js';
import { TradeLog } from './trade-log.js';
import { parseTradeRow } from './trade-row.js';
import type { Trade } from './trade.js';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const second = Math.floor(nowMs / 1_000);

function instrument(symbol: string, changes: Partial<Instrument> = {}): Instrument {
  const fixed = { name: symbol, assetClass: 'fx', currency: 'USD', status: 'active' as const };
  return { symbol, ...fixed, tickSize: '0.01', lotSize: '0.5', ...changes };
}

const instruments = new Map(
  [
    instrument('A'),
    instrument('B', { tickSize: '0.00001', lotSize: '1' }),
    instrument('H', { status: 'halted' }),
  ].map((known) => [known.symbol, known]),
);

describe('TradeIntake', () => {
  let server: DevServer;
  let redis: RedisClient;
  let states: DatastoreStates;
  let intake: TradeIntake;

  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisClient({ url: server.url, maxConnections: 5, connectTimeoutMs: 5_000 });
    redis.connect();
    await redis.ready();
  });

  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  beforeEach(async () => {
    await redis.run((commands) => commands.flushall());
    states = new DatastoreStates(['redis']);
    factsAre({ appendonly: true, maxmemory_policy: 'noeviction' });
    intake = intakeWith(1_000_000);
  });

  function factsAre(facts: Record<string, string | boolean>): void {
    states.record('redis', { status: 'up', writable: true, facts });
  }

  function intakeWith(maxBacklog: number, durability: 'aof' | 'memory' = 'aof'): TradeIntake {
    const forTrades = (symbols: ReadonlySet<string>): Promise<ReadonlyMap<string, Instrument>> =>
      Promise.resolve(new Map([...instruments].filter(([symbol]) => symbols.has(symbol))));
    return new TradeIntake(
      { forTrades },
      new TradeLog(redis, maxBacklog),
      new DurabilityGate(durability, states),
    );
  }

  async function storedTrades(): Promise<(Trade | undefined)[]> {
    const trades: (Trade | undefined)[] = [];
    for (const shard of allShards) {
      const entries = await redis.run((commands) => commands.xrange(shardKeys(shard).trades, '-', '+'));
      for (const [, fields] of entries) trades.push(...(fields[3] ?? '').split('\n').map(parseTradeRow));
    }
    return trades;
  }

  const tick = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
    symbol: 'A',
    price: '1.50',
    size: 2,
    timestamp: '2026-01-02T03:00:00Z',
    tradeId: 't1',
    side: 'buy',
    ...changes,
  });

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
      const bounded = intakeWith(3);
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
      await expect(intakeWith(160).accept([tick()], nowMs)).rejects.toMatchObject({ code: 'backlog_full' });
    });

    it('counts what other processes have appended to the same shard since it looked', async () => {
      const bounded = intakeWith(3);
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
      expect(await intakeWith(10, 'memory').accept([tick()], nowMs)).toEqual({ accepted: 1, rejected: [] });
    });

    it('holds on to what it knew of Redis when a check fails', async () => {
      states.record('redis', { status: 'degraded', writable: true, reason: 'timeout' });
      expect(await intake.accept([tick()], nowMs)).toEqual({ accepted: 1, rejected: [] });
    });
  });

  describe('keeps the latest quote', () => {
    const quotes = (): QuoteStore => new QuoteStore(redis);
    const send = (...changes: Record<string, unknown>[]): Promise<unknown> =>
      intake.accept(changes.map(tick), nowMs);

    it('with price and size at tick and lot size', async () => {
      await send({ price: 1.5, size: 2, timestamp: '2026-01-02T04:00:00.5+01:00', tradeId: '~1' });
      expect(await quotes().get('A')).toEqual({
        symbol: 'A',
        price: '1.50',
        size: '2.0',
        timestamp: '2026-01-02T03:00:00.500Z',
        tradeId: '~1',
        side: 'buy',
        updateId: expect.stringMatching(/^\d{16}-0$/),
      });
    });

    it('without an id or side that the trade did not have', async () => {
      await send({ tradeId: undefined, side: undefined });
      expect(await quotes().get('A')).toMatchObject({ tradeId: null, side: null });
    });

    it.each<[string, Record<string, unknown>[], string]>([
      ['by timestamp', [{ price: 3, timestamp: '2026-01-02T03:00:00.000000001Z' }, { price: 2 }], '3.00'],
      [
        'by number',
        [
          { price: 3, tradeId: '10' },
          { price: 2, tradeId: '9' },
        ],
        '3.00',
      ],
      [
        'with other ids after digits',
        [
          { price: 3, tradeId: 'a' },
          { price: 2, tradeId: '99' },
        ],
        '3.00',
      ],
      [
        'by bytes',
        [
          { price: 3, tradeId: 'a' },
          { price: 2, tradeId: 'Z' },
        ],
        '3.00',
      ],
      [
        'by bytes beyond ASCII',
        [
          { price: 3, tradeId: '😀' },
          { price: 2, tradeId: '\uffee' },
        ],
        '3.00',
      ],
      [
        'by arrival',
        [
          { price: 2, tradeId: undefined },
          { price: 3, tradeId: undefined },
        ],
        '3.00',
      ],
    ])('%s, whatever arrives last, in one request or two', async (_name, trades, price) => {
      await send(...trades);
      expect((await quotes().get('A'))?.price).toBe(price);
      await redis.run((commands) => commands.flushall());
      for (const trade of trades) await send(trade);
      expect((await quotes().get('A'))?.price).toBe(price);
    });

    it('of many symbols at once', async () => {
      await send({}, { symbol: 'B' });
      const found = await quotes().many(['A', 'B', 'H', 'A']);
      expect([...found.keys()]).toEqual(['A', 'B']);
      expect(await quotes().many([])).toEqual(new Map());
      expect(await quotes().get('H')).toBeUndefined();
    });

    it('and publishes each that became the latest, with growing update ids', async () => {
      const lease = await redis.lease('test');
      const published: Quote[] = [];
      lease.redis.on('message', (_channel: string, message: string) =>
        published.push(parseQuoteMessage(message)),
      );
      await lease.run((commands) => commands.subscribe(quoteChannel('A')));
      for (const tradeId of ['1', '3', '2', '3', '4']) await send({ tradeId });
      await waitFor(() => published.length >= 3);
      lease.release();
      expect(published.map(({ tradeId }) => tradeId)).toEqual(['1', '3', '4']);
      const [first = '', second = '', third = ''] = published.map(({ updateId }) => updateId);
      expect(first < second && second < third).toBe(true);
      expect(await quotes().get('A')).toEqual(published[2]);
    });

    it('with update ids that grow when the clock of Redis stands still or is set back', async () => {
      const ahead = '9000000000000000';
      await redis.run((commands) => commands.set(shardKeys(shardOf('A')).lastUpdate, `${ahead}-9`));
      await send({ tradeId: '1' });
      await send({ tradeId: '2' });
      expect((await quotes().get('A'))?.updateId).toBe(`${ahead}-11`);
    });
  });
});
