import { describe, expect, it } from 'vitest';
import { shardKeys, shardOf } from '../../shards/shard.js';
import { madeUpTradeId } from '../trade-id.js';
import { manyTrades, shuffled, textOf, trade, WriterScene } from './trade-writer.fixture.js';

describe('TradeWriter', () => {
  const scene = new WriterScene();

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
    scene.startWriter();
    await scene.send(trades);
    await scene.allDone();
    expect((await scene.stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('stores each trade of a shuffled stream with ties, repetitions and trades without an id once', async () => {
    const trades = manyTrades(6_000);
    const sent = shuffled([...trades, ...trades.filter((_, index) => index % 7 === 0)]);
    scene.startWriter();
    await scene.send(sent, 230);
    await scene.allDone();
    expect((await scene.stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
    const [series = []] = await scene.influxdb.query('SHOW SERIES');
    expect(series[0]?.rows).toHaveLength(new Set(trades.map(({ symbol }) => symbol)).size);
  });

  it('changes nothing when everything is sent again, also after Redis was emptied and by another writer', async () => {
    const trades = manyTrades(2_000);
    const first = scene.startWriter();
    await scene.send(trades);
    await scene.allDone();
    const before = await scene.influxdb.query('SELECT * FROM trades GROUP BY symbol');
    await scene.stopWriter(first);
    await scene.redis.run((commands) => commands.flushall());
    scene.startWriter();
    await scene.send(shuffled(trades));
    await scene.allDone();
    expect(await scene.influxdb.query('SELECT * FROM trades GROUP BY symbol')).toEqual(before);
  });

  it('puts first and last of a tie in the order of their ids, also when the smaller comes later', async () => {
    scene.startWriter();
    for (const id of ['5', '7', '100', '6', 'a', '4', '07']) {
      await scene.send([trade({ id })]);
      await scene.allDone();
    }
    const ids = (await scene.stored()).map(({ id }) => id);
    expect([ids[0], ids.at(-1), ids.length]).toEqual(['4', 'a', 7]);
  });

  it('puts a trade that contradicts a stored one aside', async () => {
    scene.startWriter();
    await scene.send([trade()]);
    await scene.allDone();
    await scene.send([trade({ ticks: '101' }), trade({ id: 'y' })]);
    await scene.allDone();
    expect((await scene.stored()).map(textOf)).toEqual([trade(), trade({ id: 'y' })].map(textOf));
    expect(await scene.deadLetters('A')).toEqual([
      { reason: 'trade_conflict', detail: expect.any(String), row: 'A\t1767355200\t0\tx\t101\t5\t' },
    ]);
  });

  it('puts aside only what InfluxDB refuses', async () => {
    const old = Date.UTC(1980, 0, 1) / 1_000;
    await scene.influxdb.write([`trades,symbol=OTHER p=1.5 ${String(old)}000000000`]);
    const good = Array.from({ length: 20 }, (_, nanos) => trade({ nanos }));
    const bad = [trade({ second: old, id: 'bad1' }), trade({ second: old + 1, id: 'bad2' })];
    scene.startWriter();
    await scene.send([...good.slice(0, 7), ...bad, ...good.slice(7)]);
    await scene.allDone();
    expect((await scene.stored()).filter(({ symbol }) => symbol === 'A').map(textOf)).toEqual(
      good.map(textOf),
    );
    const dead = await scene.deadLetters('A');
    expect(dead.map(({ reason, row }) => [reason, row?.split('\t')[3]])).toEqual([
      ['refused_by_influxdb', 'bad1'],
      ['refused_by_influxdb', 'bad2'],
    ]);
    expect(dead[0]?.detail).toMatch(/field type conflict/);
  });

  it('puts aside a row that it cannot read', async () => {
    const { trades, backlog } = shardKeys(shardOf('A'));
    await scene.redis.pipeline((pipeline) =>
      pipeline.xadd(trades, '*', 'trades', 1, 'rows', 'what?').set(backlog, 1),
    );
    scene.startWriter();
    await scene.allDone();
    expect(await scene.deadLetters('A')).toEqual([
      { reason: 'unreadable', detail: expect.any(String), row: 'what?' },
    ]);
  });
});
