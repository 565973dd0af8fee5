import { waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { allShards, shardKeys } from '../../shards/shard.js';
import { manyTrades, textOf, trade, WriterScene } from './trade-writer.fixture.js';

describe('TradeWriter', () => {
  const scene = new WriterScene();

  it('loses nothing and stores nothing twice when InfluxDB is killed again and again', async () => {
    const trades = manyTrades(6_000);
    scene.startWriter();
    const parts = Array.from({ length: 6 }, (_, part) => trades.slice(part * 1_000, (part + 1) * 1_000));
    for (const [index, part] of parts.entries()) {
      await scene.send(part, 50);
      if (index % 2 === 0) {
        scene.influxServer.signal('SIGKILL');
        await scene.influxServer.start();
      }
    }
    await scene.allDone();
    expect((await scene.stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('loses nothing that Redis has confirmed and stores nothing twice when Redis is killed again and again', async () => {
    const trades = manyTrades(3_000);
    scene.startWriter();
    for (let part = 0; part < 6; part++) {
      const batch = trades.slice(part * 500, (part + 1) * 500);
      const sent = waitFor(() => scene.send(batch, 50).then(() => true), { timeoutMs: 20_000 });
      if (part % 2 === 0) {
        scene.redisServer.signal('SIGKILL');
        await scene.redisServer.start();
      }
      await sent;
    }
    await scene.allDone();
    expect((await scene.stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('waits for an InfluxDB that is not there yet', async () => {
    scene.influxServer.signal('SIGKILL');
    scene.startWriter();
    await scene.send([trade()]);
    await waitFor(() => (scene.influxdb.stats()['failures'] ?? 0) > 1);
    expect(await scene.waiting()).toBe(1);
    await scene.influxServer.start();
    await scene.allDone();
    expect((await scene.stored()).map(textOf)).toEqual([textOf(trade())]);
  });

  it('shares the shards with other writers, and hands them over at once when it stops', async () => {
    const first = scene.startWriter();
    const owners = async (): Promise<(string | undefined)[]> => {
      const tokens = await scene.redis.pipeline((pipeline) => {
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
    const second = scene.startWriter();
    await waitFor(async () => (await perOwner()).join() === '8,8', { timeoutMs: 1_500 });

    const trades = manyTrades(4_000);
    await scene.send(trades.slice(0, 2_000));
    await scene.stopWriter(first);
    await scene.send(trades.slice(2_000));
    await waitFor(async () => (await perOwner()).join() === '16', { timeoutMs: 1_500 });
    await scene.allDone();
    await scene.stopWriter(second);
    expect(await owners()).toEqual(allShards.map(() => undefined));
    expect((await scene.stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('writes nothing twice when its shards are taken away under its hands', async () => {
    const trades = manyTrades(4_000);
    scene.startWriter();
    for (let at = 0; at < trades.length; at += 500) {
      await scene.send(trades.slice(at, at + 500), 50);
      await scene.redis.pipeline((pipeline) => {
        for (const shard of allShards) pipeline.del(shardKeys(shard).lease);
      });
    }
    await scene.allDone();
    expect((await scene.stored()).map(textOf).toSorted()).toEqual(trades.map(textOf).toSorted());
  });

  it('leaves what is not done in Redis when it must stop while InfluxDB hangs', async () => {
    const writer = scene.startWriter();
    await scene.send([trade({ id: 'first' })]);
    await scene.allDone();
    scene.influxServer.signal('SIGSTOP');
    try {
      await scene.send([trade({ id: 'second' })]);
      await waitFor(() => scene.influxdb.stats()['inFlight']);
      await scene.stopWriter(writer, 200);
      expect(await scene.waiting()).toBe(1);
    } finally {
      scene.influxServer.signal('SIGCONT');
    }
    scene.startWriter();
    await scene.allDone();
    expect((await scene.stored()).map(({ id }) => id)).toEqual(['first', 'second']);
  });

  it('can be stopped twice, and without having started', async () => {
    const writer = scene.newWriter();
    await writer.stop(AbortSignal.timeout(1_000));
    writer.start();
    await writer.stop(AbortSignal.timeout(1_000));
    await writer.stop(AbortSignal.timeout(1_000));
    expect(await scene.waiting()).toBe(0);
  });
});
