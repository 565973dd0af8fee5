import { randomUUID } from 'node:crypto';
import type { IngestConfig } from '@app/config';
import { type DevServer, startInfluxdb } from '@app/dev-services';
import { InfluxClient } from '@app/influxdb';
import { silentLogger } from '@app/logging';
import { waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type RedisServer, useRedis } from '../../redis-server.fixture.js';
import { allShards, shardKeys, shardOf } from '../../shards/shard.js';
import { madeUpTradeId } from '../trade-id.js';
import { TradeBatch } from '../trade-batch.js';
import { TradeLog } from '../trade-log.js';
import type { Trade } from '../trade.js';
import { TradedInstrument } from '../traded-instrument.js';
import { joinLots, splitOrd } from './stored-trade.js';
import { TradeWriter } from './trade-writer.js';
import type { WriterMemory } from './writer-memory.js';

const ingest: IngestConfig = {
  maxBacklog: 1_000_000,
  batchSize: 500,
  flushIntervalMs: 10,
  durability: 'memory',
};

export const noon = Date.UTC(2026, 0, 2, 12) / 1_000;

export function trade(changes: Partial<Trade> = {}): Trade {
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
export const textOf = ({ symbol, second, nanos, id, ticks, lots, side }: Trade): string =>
  [symbol, second, nanos, id, ticks, lots, side].join(' ');

/** Writers between a Redis server, empty before each test, and an InfluxDB server, with a database for each test. */
export class WriterScene {
  readonly running: TradeWriter[] = [];
  readonly #own: RedisServer;
  #influxServer: DevServer | undefined;
  #influxdb: InfluxClient | undefined;

  constructor() {
    this.#own = useRedis(10);
    beforeAll(async () => {
      this.#influxServer = await startInfluxdb();
    });
    afterAll(() => this.influxServer.stop());
    beforeEach(() => {
      const database = `test-${randomUUID()}`;
      this.#influxdb = new InfluxClient({ url: this.influxServer.url, api: 'v1', database });
    });
    afterEach(async () => {
      await Promise.all(this.running.splice(0).map((writer) => writer.stop(AbortSignal.timeout(5_000))));
      await this.influxdb.close();
    });
  }

  get redis(): RedisServer['redis'] {
    return this.#own.redis;
  }

  get redisServer(): DevServer {
    return this.#own.server;
  }

  get influxServer(): DevServer {
    if (this.#influxServer === undefined) throw new Error('InfluxDB has not been started.');
    return this.#influxServer;
  }

  get influxdb(): InfluxClient {
    if (this.#influxdb === undefined) throw new Error('No test runs.');
    return this.#influxdb;
  }

  newWriter(memory?: WriterMemory): TradeWriter {
    return new TradeWriter(this.redis, this.influxdb, ingest, silentLogger(), memory);
  }

  startWriter(memory?: WriterMemory): TradeWriter {
    const writer = this.newWriter(memory);
    this.running.push(writer);
    writer.start();
    return writer;
  }

  async stopWriter(writer: TradeWriter, timeoutMs = 5_000): Promise<void> {
    this.running.splice(this.running.indexOf(writer), 1);
    await writer.stop(AbortSignal.timeout(timeoutMs));
  }

  async send(trades: readonly Trade[], size = 100): Promise<void> {
    const log = new TradeLog(this.redis, ingest.maxBacklog);
    for (let at = 0; at < trades.length; at += size) {
      const batch = new TradeBatch();
      for (const each of trades.slice(at, at + size)) batch.add(each, instrumentOf(each.symbol));
      await log.append(batch.byShard());
    }
  }

  /** Entries that wait in Redis. */
  async waiting(): Promise<number> {
    const answers = await this.redis.pipeline((pipeline) => {
      for (const shard of allShards) pipeline.xlen(shardKeys(shard).trades);
    });
    return answers.reduce<number>((sum, length) => sum + Number(length), 0);
  }

  async allDone(): Promise<void> {
    await waitFor(async () => (await this.waiting()) === 0, { timeoutMs: 20_000 });
  }

  /** What InfluxDB has, in the order of `ord`. */
  async stored(): Promise<Trade[]> {
    const [result = []] = await this.influxdb.query(
      'SELECT id, ord, p, s, sh, side FROM trades GROUP BY symbol',
    );
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

  async deadLetters(symbol: string): Promise<Record<string, string>[]> {
    const entries = await this.redis.run((commands) =>
      commands.xrange(shardKeys(shardOf(symbol)).dead, '-', '+'),
    );
    return entries.map(([, [, reason = '', , detail = '', , row = '']]) => ({ reason, detail, row }));
  }
}

/** Different trades at millisecond, microsecond and nanosecond precision, with bursts at one timestamp. */
export function manyTrades(count: number): Trade[] {
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

export function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
