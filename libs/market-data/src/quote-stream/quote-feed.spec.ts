import { DatastoreError } from '@app/errors';
import { silentLogger } from '@app/logging';
import { waitFor } from '@app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quoteChannel } from '../quotes/quote-channel.js';
import { QuoteStore } from '../quotes/quote-store.js';
import { useRedis } from '../redis-server.fixture.js';
import { shardKeys, shardOf } from '../shards/shard.js';
import { QuoteFeed } from './quote-feed.js';
import { publishQuote, quoteOf, RecordingListener } from './quotes.fixture.js';

describe('QuoteFeed', () => {
  const own = useRedis(4);
  let feed: QuoteFeed;
  const subscriptions = () => own.redis.run((commands) => commands.pubsub('CHANNELS', '*'));

  beforeEach(() => {
    feed = new QuoteFeed(own.redis, new QuoteStore(own.redis), silentLogger(), { checkEveryMs: 50 });
  });
  afterEach(() => feed.close());

  it('brings each listener the quotes of its symbols', async () => {
    const [one, two] = [new RecordingListener(), new RecordingListener()];
    await feed.listen(['A', 'B'], one);
    await feed.listen(['B', 'C'], two);
    for (const symbol of ['A', 'B', 'C', 'D']) await publishQuote(own.redis, symbol, '1-0');
    await waitFor(() => two.heard.length === 2);
    expect(one.heard).toEqual([quoteOf('A', '1-0'), quoteOf('B', '1-0')]);
    expect(two.heard).toEqual([quoteOf('B', '1-0'), quoteOf('C', '1-0')]);
  });

  it('holds one connection for all, and gives it back when it is closed', async () => {
    const listeners = Array.from({ length: 10 }, () => new RecordingListener());
    await Promise.all(listeners.map((listener) => feed.listen(['A'], listener)));
    const others = async () => {
      const list = await own.redis.run((commands) => commands.client('LIST'));
      return String(list)
        .split('\n')
        .filter((line) => line.includes('sub=1'));
    };
    expect(await others()).toHaveLength(1);
    await feed.close();
    await waitFor(async () => (await others()).length === 0);
  });

  it('ends subscriptions that nobody needs any more', async () => {
    const [stays, leaves] = [new RecordingListener(), new RecordingListener()];
    await feed.listen(['A', 'B'], stays);
    await feed.listen(['B', 'C'], leaves);
    feed.leave(['B', 'C'], leaves);
    await waitFor(async () => (await subscriptions()).length === 2);
    await publishQuote(own.redis, 'B', '1-0');
    await waitFor(() => stays.heard.length === 1);
    expect(leaves.heard).toEqual([]);
    expect(new Set(await subscriptions())).toEqual(new Set([quoteChannel('A'), quoteChannel('B')]));
  });

  it('brings what was published while the connection was away', async () => {
    const listener = new RecordingListener();
    await feed.listen(['A', 'B'], listener);
    const { quotes } = shardKeys(shardOf('A'));
    const kept = `1\t${JSON.stringify(quoteOf('A', '2-0'))}`;
    await own.redis.run((commands) =>
      commands.multi().client('KILL', 'TYPE', 'pubsub').hset(quotes, 'A', kept).exec(),
    );
    await waitFor(() => listener.heard.length > 0);
    await publishQuote(own.redis, 'B', '3-0');
    await waitFor(() => listener.heard.length > 1);
    expect(listener.heard).toEqual([quoteOf('A', '2-0'), quoteOf('B', '3-0')]);
  });

  it('refuses listeners while Redis is away, and goes on for the others once it is back', async () => {
    const listener = new RecordingListener();
    await feed.listen(['A'], listener);
    await publishQuote(own.redis, 'A', '1-0');
    await waitFor(() => listener.heard.length > 0);
    own.server.signal('SIGKILL');
    await waitFor(() =>
      feed.listen(['B'], new RecordingListener()).then(
        () => false,
        (error) => error instanceof DatastoreError,
      ),
    );
    await own.server.start();
    await own.redis.ready(AbortSignal.timeout(10_000));
    await publishQuote(own.redis, 'A', '4-0');
    await waitFor(() => listener.heard.at(-1)?.updateId === '4-0');
    expect(listener.heard[0]).toEqual(quoteOf('A', '1-0'));
    expect(listener.heard.at(-1)).toEqual(quoteOf('A', '4-0'));
  });

  it('skips a message that is no quote', async () => {
    const listener = new RecordingListener();
    await feed.listen(['A'], listener);
    await own.redis.run((commands) => commands.publish(quoteChannel('A'), '{"price":1}'));
    await publishQuote(own.redis, 'A', '1-0');
    await waitFor(() => listener.heard.length > 0);
    expect(listener.heard).toEqual([quoteOf('A', '1-0')]);
  });
});
