import { describe, expect, it } from 'vitest';
import { manyTrades, noon, shuffled, textOf, trade, WriterScene } from './trade-writer.fixture.js';

const scene = new WriterScene();

const texts = (trades: readonly Parameters<typeof textOf>[0][]): string[] => trades.map(textOf).toSorted();

describe('a TradeWriter with little memory', () => {
  it('stores each trade once although it forgets nearly all at once', async () => {
    const trades = manyTrades(3_000);
    scene.startWriter({ keys: 60, keysOfSecond: 10_000, batches: 1 });
    await scene.send(trades);
    await scene.send(shuffled(trades));
    await scene.allDone();
    expect(texts(await scene.stored())).toEqual(texts(trades));
  });

  it('takes each shard in its turn', async () => {
    const symbols = Array.from({ length: 40 }, (_, index) => `S${String(index)}`);
    const trades = symbols.map((symbol) => trade({ symbol }));
    scene.startWriter({ keys: 1_000, keysOfSecond: 1_000, batches: 1 });
    await scene.send(trades);
    await scene.allDone();
    expect(texts(await scene.stored())).toEqual(texts(trades));
  });

  it('puts aside what a second holds too many of, and knows the others again', async () => {
    const trades = Array.from({ length: 15 }, (_, nanos) => trade({ nanos, id: `id-${String(nanos)}` }));
    const later = trade({ second: noon + 1 });
    scene.startWriter({ keys: 1_000, keysOfSecond: 10, batches: 1 });
    await scene.send(trades);
    await scene.send([...trades.slice(0, 10), later]);
    await scene.allDone();
    expect(texts(await scene.stored())).toEqual(texts([...trades.slice(0, 10), later]));
    const dead = await scene.deadLetters('A');
    expect(dead.map(({ reason, row }) => [reason, row?.split('\t')[3]])).toEqual(
      trades.slice(10).map(({ id }) => ['second_full', id]),
    );
  });
});
