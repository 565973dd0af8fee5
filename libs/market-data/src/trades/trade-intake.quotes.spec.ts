import { DatastoreStates } from '@app/lifecycle';
import type { RedisClient } from '@app/redis';
import { waitFor } from '@app/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseQuoteMessage, quoteChannel } from '../quotes/quote-channel.js';
import { QuoteStore } from '../quotes/quote-store.js';
import type { Quote } from '../quotes/quote.js';
import { useRedis } from '../redis-server.fixture.js';
import { shardKeys, shardOf } from '../shards/shard.js';
import { intakeOn, nowMs, tick } from './trade-intake.fixture.js';
import type { TradeIntake } from './trade-intake.js';

describe('TradeIntake', () => {
  const own = useRedis();
  let redis: RedisClient;
  let intake: TradeIntake;

  beforeEach(() => {
    redis = own.redis;
    intake = intakeOn(redis, new DatastoreStates(['redis']), { durability: 'memory' });
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
