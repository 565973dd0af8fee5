import { randomUUID } from 'node:crypto';
import type { IngestConfig } from '@app/config';
import { type DevServer, startInfluxdb, startRedis } from '@app/dev-services';
import { InfluxClient } from '@app/influxdb';
import { silentLogger } from '@app/logging';
import { RedisClient } from '@app/redis';
import { waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allShards, shardKeys, shardOf } from '../../shards/shard.js';
import { madeUpTradeId } from '../trade-id.js';
import { TradeBatch } from '../trade-batch.js';
import { TradeLog } from '../trade-log.js';
import type { Trade } from '../trade.js';
import { TradedInstrument } from '../traded-instrument.js';
import { joinLots, splitOrd } from './stored-trade.js';
import { TradeWriter } from './trade-writer.js';

const ingest: IngestConfig = {
  maxBacklog: 1_000_000,
  batchSize: 500,
  flushIntervalMs: 10,
  durability: 'memory',
};
const noon = Date.UTC(2026, 0, 2, 12) / 1_000;

function trade(changes: Partial<Trade> = {}): Trade {
  return { symbol: 'A', second: noon, nanos: 0, id: 'x', ticks: '100', lots: '5', side: null, ...changes };
}

const instrumentOf = (symbol: string): TradedInstrument =>
  new TradedInstrument({
    symbol,
    name: symbol,
    assetClass: 'fx',
    currency: 'USD',
    tickSize: '1',
    lotSize: '1',
    status: 'active',
  });

/** A trade as text, for comparing sets of them. */
const textOf = ({ symbol, second, nanos, id, ticks, lots, side }: Trade): string =>
  [symbol, second, nanos, id, ticks, lots, side].join(' ');

describe('TradeWriter', () => {
  let redisServer: DevServer;
  let influxServer: DevServer;
  let redis: RedisClient;
  let influxdb: InfluxClient;
  let log: TradeLog;
  const running: TradeWriter[] = [];

  beforeAll(async () => {
    [redisServer, influxServer] = await Promise.all([startRedis(), startInfluxdb()]);
    redis = new RedisClient({ url: redisServer.url, maxConnections: 10, connectTimeoutMs: 5_000 });
    redis.connect();
    await redis.ready();
  });

  afterAll(async () => {
    await redis.close();
    await Promise.all([redisServer.stop(), influxServer.stop()]);
  });

  beforeEach(async () => {
    await redis.run((commands) => commands.flushall());
    influxdb = new InfluxClient({ url: influxServer.url, api: 'v1', database: `test-${randomUUID()}` });
    log = new TradeLog(redis, ingest.maxBacklog);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((writer) => writer.stop(AbortSignal.timeout(5_000))));
    await influxdb.close();
  });

  function startWriter(): TradeWriter {
    const writer = new TradeWriter(redis, influxdb, ingest, silentLogger());
    running.push(writer);
    writer.start();
    return writer;
  }

  async function stopWriter(writer: TradeWriter): Promise<void> {
    running.splice(running.indexOf(writer), 1);
    await writer.stop(AbortSignal.timeout(5_000));
  }

  async function send(trades: readonly Trade[], size = 100): Promise<void> {
    for (let at = 0; at < trades.length; at += size) {
      const batch = new TradeBatch();
      for (const each of trades.slice(at, at + size)) batch.add(each, instrumentOf(each.symbol));
      await log.append(batch.byShard());
    }
  }

  async function waiting(): Promise<number> {
    const answers = await redis.pipeline((pipeline) => {
      for (const shard of allShards) pipeline.xlen(shardKeys(shard).trades);
    });
    return answers.reduce<number>((sum, length) => sum + Number(length), 0);
  }

  const allDone = (): Promise<unknown> => waitFor(async () => (await waiting()) === 0, { timeoutMs: 20_000 });

  /** What InfluxDB has, in the order of `ord`. */
  async function stored(): Promise<Trade[]> {
    const [result = []] = await influxdb.query('SELECT id, ord, p, s, sh, side FROM trades GROUP BY symbol');
    const trades = result.flatMap(({ tags, rows }) =>
      rows.map(([time, id, ord, ticks, low, high, side]): Trade & { rank: number } => ({
        symbol: tags['symbol'] ?? '',
        second: Number(time?.padStart(10, '0').slice(0, -9)),
        id: id ?? '',
        ticks: ticks ?? '',
        lots: joinLots(high ?? '', low ?? ''),
        side: side === 'buy' || side === 'sell' ? side : null,
        ...splitOrd(ord ?? ''),
      })),
    );
    return trades
      .toSorted((a, b) => a.second - b.second || a.nanos - b.nanos || a.rank - b.rank)
      .map(({ rank: _rank, ...rest }) => rest);
  }

  async function deadLetters(symbol: string): Promise<Record<string, string>[]> {
    const entries = await redis.run((commands) => commands.xrange(shardKeys(shardOf(symbol)).dead, '-', '+'));
    return entries.map(([, [, reason = '', , detail = '', , row = '']]) => ({ reason, detail, row }));
  }

  it('stores trades exactly as they are', async () => {
    const trades = [
      trade({ id: '"quoted\\', side: 'buy' }),
      trade({ nanos: 1, id: '😀 é\\"\\\\', side: 'sell' }),
      trade({ nanos: 999_999_999, id: madeUpTradeId('nonce', 3), lots: '0' }),
      trade({ nanos: 2, id: 'comma, equals= space', ticks: '9'.repeat(18), lots: '9'.repeat(18) }),
      trade({ nanos: 3, id: '\\', lots: '1000000000' }),
      trade({ nanos: 4, id: 'é', lots: '1000000001' }),
      trade({ second: 0, nanos: 0, id: 'epoch' }),
      trade({ second: 0, nanos: 123, id: 'epoch' }),
      trade({ symbol: 'B.X_1-2', id: 'b' }),
    ];
    startWriter();
    await send(trades);
    await allDone();
    expect((await stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('stores each trade of a shuffled stream with ties, repetitions and trades without an id once', async () => {
    const trades = manyTrades(6_000);
    const sent = shuffled([...trades, ...trades.filter((_, index) => index % 7 === 0)]);
    startWriter();
    await send(sent, 230);
    await allDone();
    expect((await stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
    const [series = []] = await influxdb.query('SHOW SERIES');
    expect(series[0]?.rows).toHaveLength(new Set(trades.map(({ symbol }) => symbol)).size);
  });

  it('changes nothing when everything is sent again, also after Redis was emptied and by another writer', async () => {
    const trades = manyTrades(2_000);
    const first = startWriter();
    await send(trades);
    await allDone();
    const before = await influxdb.query('SELECT * FROM trades GROUP BY symbol');
    await stopWriter(first);
    await redis.run((commands) => commands.flushall());
    startWriter();
    await send(shuffled(trades));
    await allDone();
    expect(await influxdb.query('SELECT * FROM trades GROUP BY symbol')).toEqual(before);
  });

  it('puts first and last of a tie in the order of their ids, also when the smaller comes later', async () => {
    startWriter();
    for (const id of ['5', '7', '100', '6', 'a', '4', '07']) {
      await send([trade({ id })]);
      await allDone();
    }
    const ids = (await stored()).map(({ id }) => id);
    expect([ids[0], ids.at(-1), ids.length]).toEqual(['4', 'a', 7]);
  });

  it('puts a trade that contradicts a stored one aside', async () => {
    startWriter();
    await send([trade()]);
    await allDone();
    await send([trade({ ticks: '101' }), trade({ id: 'y' })]);
    await allDone();
    expect((await stored()).map(textOf)).toEqual([trade(), trade({ id: 'y' })].map(textOf));
    expect(await deadLetters('A')).toEqual([
      { reason: 'trade_conflict', detail: expect.any(String), row: 'A\t1767355200\t0\tx\t101\t5\t' },
    ]);
  });

  it('puts aside only what InfluxDB refuses', async () => {
    const old = Date.UTC(1980, 0, 1) / 1_000;
    await influxdb.write([`trades,symbol=OTHER p=1.5 ${String(old)}000000000`]);
    const good = Array.from({ length: 20 }, (_, nanos) => trade({ nanos }));
    const bad = [trade({ second: old, id: 'bad1' }), trade({ second: old + 1, id: 'bad2' })];
    startWriter();
    await send([...good.slice(0, 7), ...bad, ...good.slice(7)]);
    await allDone();
    expect((await stored()).filter(({ symbol }) => symbol === 'A').map(textOf)).toEqual(good.map(textOf));
    const dead = await deadLetters('A');
    expect(dead.map(({ reason, row }) => [reason, row?.split('\t')[3]])).toEqual([
      ['refused_by_influxdb', 'bad1'],
      ['refused_by_influxdb', 'bad2'],
    ]);
    expect(dead[0]?.detail).toMatch(/field type conflict/);
  });

  it('puts aside a row that it cannot read', async () => {
    const { trades, backlog } = shardKeys(shardOf('A'));
    await redis.pipeline((pipeline) =>
      pipeline.xadd(trades, '*', 'trades', 1, 'rows', 'what?').set(backlog, 1),
    );
    startWriter();
    await allDone();
    expect(await deadLetters('A')).toEqual([
      { reason: 'unreadable', detail: expect.any(String), row: 'what?' },
    ]);
  });

  it('loses nothing and stores nothing twice when InfluxDB is killed again and again', async () => {
    const trades = manyTrades(6_000);
    startWriter();
    const parts = Array.from({ length: 6 }, (_, part) => trades.slice(part * 1_000, (part + 1) * 1_000));
    for (const [index, part] of parts.entries()) {
      await send(part, 50);
      if (index % 2 === 0) {
        influxServer.signal('SIGKILL');
        await influxServer.start();
      }
    }
    await allDone();
    expect((await stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('loses nothing that Redis has confirmed and stores nothing twice when Redis is killed again and again', async () => {
    const trades = manyTrades(3_000);
    startWriter();
    for (let part = 0; part < 6; part++) {
      const batch = trades.slice(part * 500, (part + 1) * 500);
      const sent = waitFor(() => send(batch, 50).then(() => true), { timeoutMs: 20_000 });
      if (part % 2 === 0) {
        redisServer.signal('SIGKILL');
        await redisServer.start();
      }
      await sent;
    }
    await allDone();
    expect((await stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('waits for an InfluxDB that is not there yet', async () => {
    influxServer.signal('SIGKILL');
    startWriter();
    await send([trade()]);
    await waitFor(() => (influxdb.stats()['failures'] ?? 0) > 1);
    expect(await waiting()).toBe(1);
    await influxServer.start();
    await allDone();
    expect((await stored()).map(textOf)).toEqual([textOf(trade())]);
  });

  it('shares the shards with other writers, and hands them over at once when it stops', async () => {
    const first = startWriter();
    const owners = async (): Promise<(string | undefined)[]> => {
      const tokens = await redis.pipeline((pipeline) => {
        for (const shard of allShards) pipeline.get(shardKeys(shard).lease);
      });
      return tokens.map((token) => (typeof token === 'string' ? token.split('.')[0] : undefined));
    };
    const perOwner = async (): Promise<number[]> => {
      const names = await owners();
      if (names.includes(undefined)) return [];
      return [...new Set(names)].map((name) => names.filter((other) => other === name).length);
    };
    await waitFor(async () => (await perOwner()).join() === '16');
    const second = startWriter();
    await waitFor(async () => (await perOwner()).join() === '8,8', { timeoutMs: 1_500 });

    const trades = manyTrades(4_000);
    await send(trades.slice(0, 2_000));
    await stopWriter(first);
    await send(trades.slice(2_000));
    await waitFor(async () => (await perOwner()).join() === '16', { timeoutMs: 1_500 });
    await allDone();
    await stopWriter(second);
    expect(await owners()).toEqual(allShards.map(() => undefined));
    expect((await stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('writes nothing twice when its shards are taken away under its hands', async () => {
    const trades = manyTrades(4_000);
    startWriter();
    for (let at = 0; at < trades.length; at += 500) {
      await send(trades.slice(at, at + 500), 50);
      await redis.pipeline((pipeline) => {
        for (const shard of allShards) pipeline.del(shardKeys(shard).lease);
      });
    }
    await allDone();
    expect((await stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('leaves what is not done in Redis when it must stop while InfluxDB hangs', async () => {
    const writer = startWriter();
    await send([trade({ id: 'first' })]);
    await allDone();
    influxServer.signal('SIGSTOP');
    try {
      await send([trade({ id: 'second' })]);
      await waitFor(() => influxdb.stats()['inFlight']);
      running.splice(running.indexOf(writer), 1);
      await writer.stop(AbortSignal.timeout(200));
      expect(await waiting()).toBe(1);
    } finally {
      influxServer.signal('SIGCONT');
    }
    startWriter();
    await allDone();
    expect((await stored()).map(({ id }) => id)).toEqual(['first', 'second']);
  });

  it('can be stopped twice, and without having started', async () => {
    const writer = new TradeWriter(redis, influxdb, ingest, silentLogger());
    await writer.stop(AbortSignal.timeout(1_000));
    writer.start();
    await writer.stop(AbortSignal.timeout(1_000));
    await writer.stop(AbortSignal.timeout(1_000));
    expect(await waiting()).toBe(0);
  });
});

/** Different trades at millisecond, microsecond and nanosecond precision, with bursts at one timestamp. */
function manyTrades(count: number): Trade[] {
  const trades: Trade[] = [];
  for (let index = 0; trades.length < count; index++) {
    const second = noon + Math.floor(index / 40) * 7;
    const nanos = [index % 1_000, (index % 1_000) * 1_000, (index % 1_000) * 1_000_000][index % 3] ?? 0;
    const burst = index % 11 === 0 ? 12 : 1;
    for (let each = 0; each < burst; each++) {
      const id =
        index % 10 === 0
          ? madeUpTradeId('n', trades.length)
          : `${String(index)}${'abc'.charAt(each % 4)}${String(each)}`;
      const symbol = ['A', 'B', 'C', 'EUR-USD'][index % 4] ?? 'A';
      trades.push({ symbol, second, nanos, id, ticks: String(index + 1), lots: String(each), side: null });
    }
  }
  return trades.slice(0, count);
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
