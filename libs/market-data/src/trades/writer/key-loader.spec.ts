import { randomUUID } from 'node:crypto';
import { type DevServer, startInfluxdb } from '@app/dev-services';
import { InfluxClient } from '@app/influxdb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Trade } from '../trade.js';
import { KeyLoader } from './key-loader.js';
import { KeyTable } from './key-table.js';
import { SecondKeys } from './second-keys.js';
import { nanosecondText, tradeLine } from './stored-trade.js';

const noon = Date.UTC(2026, 0, 2, 12) / 1_000;
const signal = AbortSignal.timeout(60_000);

function trade(second: number, nanos: number, symbol = 'A'): Trade {
  return { symbol, second, nanos, id: String(nanos), ticks: '1', lots: '1', side: null };
}

describe('KeyLoader', () => {
  let server: DevServer;
  let influxdb: InfluxClient;
  let table: KeyTable;

  beforeAll(async () => {
    server = await startInfluxdb();
  });

  afterAll(() => server.stop());

  beforeEach(() => {
    influxdb = new InfluxClient({ url: server.url, api: 'v1', database: `test-${randomUUID()}` });
    table = new KeyTable(1_000_000);
  });

  afterEach(() => influxdb.close());

  /** The keys of each trade's second. */
  async function load(trades: readonly Trade[]): Promise<readonly SecondKeys[]> {
    const told = new Map<string, SecondKeys>();
    await new KeyLoader(influxdb, table).load(trades, signal, (symbol, second, keys) => {
      told.set(`${symbol} ${String(second)}`, keys);
    });
    return trades.map(({ symbol, second }) => {
      const keys = told.get(`${symbol} ${String(second)}`);
      if (keys === undefined) throw new Error(`Second ${String(second)} of ${symbol} was not told.`);
      return keys;
    });
  }

  async function store(trades: readonly Trade[]): Promise<void> {
    const lines = trades.map((each) =>
      tradeLine(each.symbol, each.second, { ...each, storedAt: each.nanos, rank: 20_000 }),
    );
    await influxdb.write(lines);
  }

  const queries = (): number => influxdb.stats()['queries'] ?? 0;
  const placements = (keys: readonly SecondKeys[], trades: readonly Trade[]): unknown[] =>
    trades.map((each, index) => keys[index]?.place(each, () => undefined));

  it('knows what is stored again, and what is not', async () => {
    const stored = [trade(noon, 1), trade(noon, 2), trade(noon + 5, 1), trade(noon, 1, 'B')];
    await store(stored);
    const asked = [...stored, trade(noon, 3), trade(noon + 1, 1), trade(noon, 2, 'B'), trade(0, 1)];
    const results = placements(await load(asked), asked);
    expect(results).toEqual([...stored.map(() => 'known'), 'new', 'new', 'new', 'new']);
  });

  it('knows lots of more than 9 digits and sides again', async () => {
    const stored: Trade[] = [
      { ...trade(noon, 1), lots: '123456789000000001', side: 'sell' },
      { ...trade(noon, 2), lots: '1000000000' },
    ];
    await store(stored);
    const asked = [...stored, { ...trade(noon, 1), lots: '123456789000000002' }];
    expect(placements(await load(asked), asked)).toEqual(['known', 'known', 'conflict']);
  });

  it('gives a trade whose point is stored in part the place that it has', async () => {
    await influxdb.write([`trades,symbol=A p=1i,s=1i,sh=0i ${nanosecondText(noon, 7)}`]);
    const [keys] = await load([trade(noon, 7)]);
    const places: number[] = [];
    keys?.place(trade(noon, 7), ({ storedAt }) => places.push(storedAt));
    expect(places).toEqual([7]);
  });

  it('asks once for the trades of a live feed', async () => {
    const before = queries();
    for (let second = 0; second < 300; second++) await load([trade(noon + second, 1)]);
    expect(queries() - before).toBe(1);
  });

  it('asks once for what lies over years, if it is little', async () => {
    const yearly = Array.from({ length: 30 }, (_, year) => trade(noon - year * 365 * 86_400, 1));
    await store(yearly);
    const before = queries();
    expect(placements(await load(yearly), yearly)).toEqual(yearly.map(() => 'known'));
    expect(queries() - before).toBe(1);
  });

  it('reads a second whole that holds more than one query may read', async () => {
    const dense = Array.from({ length: 12_000 }, (_, index) => trade(noon, index * 80_000));
    await store([...dense, trade(noon + 1, 1)]);
    const [keys] = await load([trade(noon, 5)]);
    expect(keys?.size).toBe(dense.length);
  });

  it('does not read all that lies between a few seconds of a dense stretch', async () => {
    const dense = Array.from({ length: 20_000 }, (_, index) =>
      trade(noon + Math.floor(index / 20), (index % 20) * 10),
    );
    await store(dense);
    const asked = [0, 300, 600, 900].map((second) => trade(noon + second, 0));
    const before = queries();
    expect((await load(asked)).map(({ size }) => size)).toEqual([20, 20, 20, 20]);
    expect(queries() - before).toBe(2);
  });

  it('does not forget what was placed while it reads on, in a table that is too small', async () => {
    await store(Array.from({ length: 60 }, (_, index) => trade(noon + (index % 6), index)));
    const small = new KeyTable(20);
    const [known, placed] = [new SecondKeys(), trade(noon + 4, 7_777)];
    small.add('A', noon + 4, known);
    const asked = [trade(noon, 1), placed, trade(noon + 5, 1)];
    await new KeyLoader(influxdb, small).load(asked, signal, (_symbol, second, keys) => {
      if (second === placed.second) keys.place(placed, () => undefined);
    });
    expect(known.size).toBe(1);
    expect([undefined, known]).toContain(small.get('A', noon + 4));
  });

  it('reads many symbols with few queries', async () => {
    const symbols = Array.from({ length: 250 }, (_, index) => trade(noon, 1, `S${String(index)}`));
    await store(symbols);
    const before = queries();
    expect(placements(await load(symbols), symbols)).toEqual(symbols.map(() => 'known'));
    expect(queries() - before).toBeLessThanOrEqual(4);
  });
});
