import { Readable } from 'node:stream';
import { type DevServer, startPostgres } from '@app/dev-services';
import { coreErrors } from '@app/errors';
import { systemClock } from '@app/lifecycle';
import { silentLogger } from '@app/logging';
import type { PostgresClient } from '@app/postgres';
import { waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleInstruments } from '../instruments/instruments.fixture.js';
import { InstrumentCatalogue } from '../instruments/instrument-catalogue.js';
import { seedInstruments } from '../instruments/instrument-seed.js';
import { InstrumentTable } from '../instruments/instrument-table.js';
import { UnknownSymbolError } from '../instruments/instrument.errors.js';
import { migratedPostgres } from '../instruments/migrated-postgres.fixture.js';
import { marketDataErrors } from '../market-data.errors.js';
import { QuoteStore } from '../quotes/quote-store.js';
import { useRedis } from '../redis-server.fixture.js';
import { LatestQuotes } from './latest-quotes.js';
import { QuoteFeed } from './quote-feed.js';
import { QuoteStreams, type QuoteStreamsOptions } from './quote-streams.js';
import { eventOf, publishQuote, quoteOf } from './quotes.fixture.js';

const opening = 'retry: 2000\n\n';

/** A client that reads all that comes. */
class Reader {
  sent = '';
  ended = false;

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => (this.sent += chunk.toString()));
    stream.on('end', () => (this.ended = true));
  }

  get ids(): string[] {
    return [...this.sent.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '');
  }
}

describe('QuoteStreams', () => {
  const own = useRedis(4);
  let postgresServer: DevServer;
  let postgres: PostgresClient;
  let latest: LatestQuotes;
  let streams: QuoteStreams;

  function quoteStreams(options?: QuoteStreamsOptions): QuoteStreams {
    const store = new QuoteStore(own.redis);
    latest = new LatestQuotes(new InstrumentCatalogue(new InstrumentTable(postgres), systemClock), store);
    return new QuoteStreams(latest, new QuoteFeed(own.redis, store, silentLogger()), options);
  }

  beforeAll(async () => {
    postgresServer = await startPostgres();
    postgres = await migratedPostgres(postgresServer.url);
    await postgres.run((dataSource) => seedInstruments(dataSource, exampleInstruments));
  });
  beforeEach(() => {
    streams = quoteStreams();
  });
  afterEach(() => streams.end());
  afterAll(async () => {
    await postgres.close();
    await postgresServer.stop();
  });

  it('sends a new client the new quotes only', async () => {
    await publishQuote(own.redis, 'EUR-USD', '1-0');
    const reader = new Reader(await streams.open(['EUR-USD', 'ACME']));
    await publishQuote(own.redis, 'ACME', '2-0');
    await publishQuote(own.redis, 'USD-JPY', '2-1');
    await publishQuote(own.redis, 'EUR-USD', '3-0');
    await waitFor(() => reader.ids.length === 2);
    expect(reader.sent).toBe(opening + eventOf('ACME', '2-0') + eventOf('EUR-USD', '3-0'));
  });

  it('sends a client that comes back the current quotes that are newer, the oldest first', async () => {
    await publishQuote(own.redis, 'EUR-USD', '9-0');
    await publishQuote(own.redis, 'USD-JPY', '5-0');
    await publishQuote(own.redis, 'ACME', '5-1');
    const reader = new Reader(await streams.open(['EUR-USD', 'USD-JPY', 'ACME'], '5-0'));
    await waitFor(() => reader.ids.length === 2);
    expect(reader.sent).toBe(opening + eventOf('ACME', '5-1') + eventOf('EUR-USD', '9-0'));
  });

  it('sends all current quotes to a client that comes back with an id of another kind', async () => {
    await publishQuote(own.redis, 'EUR-USD', '9-0');
    const reader = new Reader(await streams.open(['EUR-USD', 'ACME'], 'abc'));
    await waitFor(() => reader.ids.length === 1);
    expect(reader.sent).toBe(opening + eventOf('EUR-USD', '9-0'));
  });

  it('loses nothing that is published while a client comes back', async () => {
    const last = 200;
    const publishing = (async () => {
      for (let update = 1; update <= last; update += 1) {
        await publishQuote(own.redis, 'EUR-USD', `${String(update)}-0`);
      }
    })();
    const readers: Reader[] = [];
    while (readers.length < 50) {
      readers.push(new Reader(await streams.open(['EUR-USD'], '0-0')));
    }
    await publishing;
    await waitFor(() => readers.every((reader) => reader.ids.at(-1) === `${String(last)}-0`));
    for (const { ids } of readers) {
      const numbers = ids.map(Number.parseFloat);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    }
  });

  it('refuses symbols that do not exist', async () => {
    await expect(streams.open(['EUR-USD', 'NONE', 'a\nb'])).rejects.toThrow(
      new UnknownSymbolError(['NONE', 'a\nb']),
    );
  });

  it('opens no more streams than it may, and others once some are closed', async () => {
    await streams.end();
    streams = quoteStreams({ maxStreams: 2 });
    const [first] = await Promise.all([streams.open(['ACME']), streams.open(['ACME'])]);
    await expect(streams.open(['ACME'])).rejects.toMatchObject({ code: coreErrors.overloaded.code });
    first.destroy();
    await waitFor(() => streams.open(['ACME']));
  });

  it('ends the streams of clients that read, cuts off the others, and begins no more', async () => {
    const reader = new Reader(await streams.open(['ACME']));
    const idle = await streams.open(['ACME']);
    await streams.end();
    expect(reader).toMatchObject({ sent: opening, ended: true });
    expect(idle.destroyed).toBe(true);
    await expect(streams.open(['ACME'])).rejects.toMatchObject({ code: coreErrors.not_serving.code });
  });

  describe('LatestQuotes', () => {
    it('gives the quotes that there are', async () => {
      await publishQuote(own.redis, 'EUR-USD', '1-0');
      expect(await latest.get('EUR-USD')).toEqual(quoteOf('EUR-USD', '1-0'));
      expect(await latest.many(['ACME', 'EUR-USD'])).toEqual(
        new Map([['EUR-USD', quoteOf('EUR-USD', '1-0')]]),
      );
    });

    it('tells an instrument without a quote from a symbol that does not exist', async () => {
      await expect(latest.get('ACME')).rejects.toMatchObject({ code: marketDataErrors.no_quote.code });
      await expect(latest.get('NONE')).rejects.toThrow(new UnknownSymbolError(['NONE']));
      await expect(latest.many(['ACME', 'none'])).rejects.toThrow(new UnknownSymbolError(['none']));
    });
  });
});
