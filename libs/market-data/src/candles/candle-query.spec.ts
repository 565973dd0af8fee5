import { randomUUID } from 'node:crypto';
import { type DevServer, startInfluxdb } from '@app/dev-services';
import { InfluxClient } from '@app/influxdb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderTimestamp } from '../timestamps/timestamp.js';
import { tradeRow } from '../trades/trade-row.js';
import type { Trade } from '../trades/trade.js';
import { TradeStorage } from '../trades/writer/trade-storage.js';
import { encodeCursor } from './candle-cursor.js';
import { candleIntervals } from './candle-interval.js';
import { CandleQuery, type CandleRequest } from './candle-query.js';
import type { Candle } from './candle.js';
import { candlesOf, instrument, manyTrades, nowMs, other, start, trade } from './candle-query.fixture.js';

const intervals = Object.keys(candleIntervals) as (keyof typeof candleIntervals)[];

describe('CandleQuery', () => {
  let server: DevServer;
  let influxdb: InfluxClient;
  const trades = manyTrades();

  beforeAll(async () => {
    server = await startInfluxdb();
    influxdb = await databaseWith([...trades, trade(start, { symbol: 'B' })]);
  });

  afterAll(async () => {
    await influxdb.close();
    await server.stop();
  });

  async function databaseWith(content: readonly Trade[]): Promise<InfluxClient> {
    const client = new InfluxClient({ url: server.url, api: 'v1', database: `test-${randomUUID()}` });
    const entry = { id: '1-0', trades: content.length, rows: content.map(tradeRow), lost: false };
    expect(await new TradeStorage(client).store(0, [entry], AbortSignal.timeout(10_000))).toEqual([]);
    return client;
  }

  const query = (maxTrades?: number): CandleQuery =>
    new CandleQuery(influxdb, { now: () => nowMs }, maxTrades);

  async function walk(
    candles: CandleQuery,
    request: CandleRequest,
  ): Promise<{ pages: Candle[][]; all: Candle[] }> {
    const pages: Candle[][] = [];
    let cursor: string | undefined;
    do {
      const page = await candles.page({ ...request, cursor });
      pages.push(page.candles);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return { pages, all: pages.flat() };
  }

  it.each(intervals)('makes candles of %s out of all trades, without inventing any', async (interval) => {
    const { pages, all } = await walk(query(), { instrument, interval, limit: 5_000 });
    expect(all).toEqual(candlesOf(trades, candleIntervals[interval]));
    expect(pages).toHaveLength(1);
  });

  it('gives the same candles in pages of any size, however few trades a page may read', async () => {
    const requests = fc.record({
      interval: fc.constantFrom(...intervals),
      limit: fc.integer({ min: 1, max: 700 }),
      maxTrades: fc.integer({ min: 40, max: 2_000 }),
    });
    await fc.assert(
      fc.asyncProperty(requests, async ({ interval, limit, maxTrades }) => {
        const { pages, all } = await walk(query(maxTrades), { instrument, interval, limit });
        expect(all).toEqual(candlesOf(trades, candleIntervals[interval]));
        expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 25 },
    );
  });

  it('gives the candles that begin in a range, from inclusive and to exclusive', async () => {
    const bounds = fc.integer({ min: start - 4_000, max: start + 100_000 });
    await fc.assert(
      fc.asyncProperty(
        bounds,
        fc.nat(100_000),
        fc.constantFrom(...intervals),
        async (from, span, interval) => {
          const to = from + span;
          const range = {
            from: renderTimestamp({ second: from, nanos: 0 }),
            to: renderTimestamp({ second: to, nanos: 0 }),
          };
          const { all } = await walk(query(500), { instrument, interval, limit: 5_000, ...range });
          expect(all).toEqual(candlesOf(trades, candleIntervals[interval], from, to));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('takes a candle by its first moment', async () => {
    const times = async (from: string, to: string): Promise<string[]> =>
      (await walk(query(), { instrument: other, interval: '30s', from, to })).all.map(({ time }) => time);
    const time = '2026-01-02T23:58:30Z';
    expect(await times(time, '2026-01-02T23:58:30.000000001Z')).toEqual([time]);
    expect(await times('2026-01-02T23:58:30.000000001Z', '2026-01-03T00:00:00Z')).toEqual([]);
    expect(await times('2026-01-02T23:58:00Z', time)).toEqual([]);
    expect(await times('2026-01-03T00:58:30+01:00', '2026-01-03T01:00:00+01:00')).toEqual([time]);
    expect(await times(time, time)).toEqual([]);
    expect(await times('0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z')).toEqual([time]);
  });

  it('marks the running candle, and leaves trades that are ahead of the clock to their time', async () => {
    const second = Math.floor(nowMs / 1_000);
    const ahead = await databaseWith([trade(second), trade(second + 30)]);
    const candles = new CandleQuery(ahead, { now: () => nowMs });
    const { all } = await walk(candles, { instrument, interval: '1m' });
    expect(all.map(({ time, complete }) => [time, complete])).toEqual([['2026-03-10T12:00:00Z', false]]);
    const later = await walk(candles, { instrument, interval: '1m', to: '2026-03-11T00:00:00Z' });
    expect(later.all.map(({ complete }) => complete)).toEqual([false, false]);
    await ahead.close();
  });

  it('has no candles of a symbol without trades', async () => {
    const page = await query().page({ instrument: { ...instrument, symbol: 'NONE' }, interval: '1m' });
    expect(page).toEqual({ candles: [], nextCursor: null });
  });

  it('goes on with a candle that has more trades than a page may read', async () => {
    const { pages, all } = await walk(query(40), { instrument, interval: '1d' });
    expect(pages.filter((page) => page.length === 0).length).toBeGreaterThan(10);
    expect(all).toEqual(candlesOf(trades, 86_400));
  });

  it('needs two queries for a page, however long the gap', async () => {
    const before = influxdb.stats()['queries'] ?? 0;
    const { candles } = await query().page({ instrument, interval: '1s', limit: 5_000 });
    expect([candles[0]?.time, candles[1]?.time]).toEqual(['2021-01-03T23:58:30Z', '2026-01-02T23:58:30Z']);
    expect((influxdb.stats()['queries'] ?? 0) - before).toBe(2);
  });

  it.each([
    ['tenths', ['1', '2'], '0.3'],
    ['numbers near 2^53', ['90071992547409930', '90071992547409910', '1'], '18014398509481984.1'],
    [
      '18 digits, more than int64 holds',
      Array.from({ length: 12 }, () => '9'.repeat(18)),
      '1199999999999999998.8',
    ],
    ['trades without volume', ['0', '0'], '0.0'],
  ])('adds %s up exactly', async (_name, lots, volume) => {
    const client = await databaseWith(
      lots.map((each, index) => trade(start, { id: String(index), lots: each })),
    );
    const { candles } = await new CandleQuery(client, { now: () => nowMs }).page({
      instrument,
      interval: '1h',
    });
    expect(candles).toMatchObject([{ volume, trades: lots.length }]);
    await client.close();
  });

  it('keeps prices of 18 digits', async () => {
    const ticks = ['999999999999999999', '999999999999999998', '1'];
    const client = await databaseWith(
      ticks.map((each, index) => trade(start, { id: String(index), ticks: each })),
    );
    const { candles } = await new CandleQuery(client, { now: () => nowMs }).page({
      instrument,
      interval: '1h',
    });
    const [high, low] = ['9999999999999999.99', '0.01'];
    expect(candles).toMatchObject([{ open: high, high, low, close: low }]);
    await client.close();
  });

  const walkOfA = 'A|1m||';
  it.each([
    ['interval', { interval: '2m' }],
    ['interval', { interval: 'toString' }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 5_001 }],
    ['limit', { limit: 1.5 }],
    ['limit', { limit: Number.NaN }],
    ['from', { from: 'yesterday' }],
    ['to', { to: '2026-01-01' }],
    ['to', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['cursor', { cursor: '' }],
    ['cursor', { cursor: 'AAAA' }],
    ['cursor', { cursor: encodeCursor({ walk: 'B|1m||', at: 0n, end: 10 }) }],
    ['cursor', { cursor: encodeCursor({ walk: walkOfA, at: 10n ** 18n, end: 10 }) }],
    ['cursor', { cursor: encodeCursor({ walk: walkOfA, at: 0n, end: 9_223_372_037 }) }],
    ['cursor', { cursor: Buffer.from(`1 ${walkOfA} 0 ten`).toString('base64url') }],
  ])('refuses a wrong %s: %j', async (field, wrong) => {
    await expect(query().page({ instrument, interval: '1m', ...wrong })).rejects.toMatchObject({
      code: 'validation_failed',
      data: { errors: [{ field, detail: expect.any(String) }] },
    });
  });

  it('refuses a cursor with other parameters than it was given for', async () => {
    const request = { instrument, interval: '1m', limit: 10, from: '2026-01-02T00:00:00Z' };
    const { nextCursor } = await query().page(request);
    const changes = [
      { instrument: other },
      { interval: '5m' },
      { from: undefined },
      { to: '2026-01-09T00:00:00Z' },
    ];
    for (const change of changes) {
      const changed = { ...request, ...change, cursor: nextCursor ?? '' };
      await expect(query().page(changed)).rejects.toMatchObject({ code: 'validation_failed' });
    }
    expect((await query().page({ ...request, limit: 3, cursor: nextCursor ?? '' })).candles).toHaveLength(3);
  });
});
