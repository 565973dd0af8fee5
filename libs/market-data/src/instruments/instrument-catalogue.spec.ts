import { type DevServer, startPostgres } from '@app/dev-services';
import { coreErrors, DatastoreError } from '@app/errors';
import { systemClock } from '@app/lifecycle';
import type { PostgresClient } from '@app/postgres';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleInstruments } from './instruments.fixture.js';
import { InstrumentCatalogue } from './instrument-catalogue.js';
import { seedInstruments } from './instrument-seed.js';
import { InstrumentTable } from './instrument-table.js';
import { InstrumentExistsError, InstrumentSizesFixedError, UnknownSymbolError } from './instrument.errors.js';
import type { Instrument } from './instrument.js';
import { migratedPostgres } from './migrated-postgres.fixture.js';

function instrument(symbol: string, more: Partial<Instrument> = {}): Instrument {
  return {
    symbol,
    name: `The ${symbol}`,
    assetClass: 'equity',
    currency: 'USD',
    tickSize: '0.01',
    lotSize: '1',
    status: 'active',
    ...more,
  };
}

describe('InstrumentCatalogue', () => {
  let server: DevServer;
  let postgres: PostgresClient;
  /** Another process's. */
  let other: InstrumentCatalogue;
  let catalogue: InstrumentCatalogue;

  const newCatalogue = () => new InstrumentCatalogue(new InstrumentTable(postgres), systemClock);

  beforeAll(async () => {
    server = await startPostgres();
    postgres = await migratedPostgres(server.url);
  });

  beforeEach(async () => {
    await postgres.run((dataSource) => dataSource.query('TRUNCATE instruments'));
    catalogue = newCatalogue();
    other = newCatalogue();
  });

  afterAll(async () => {
    await postgres.close();
    await server.stop();
  });

  it('gives back what it was given', async () => {
    const created = instrument('BTC-USD', { lotSize: '0.00000001', status: 'halted' });
    expect(await catalogue.create(created)).toEqual(created);
    expect(await other.get('BTC-USD')).toEqual(created);
  });

  it('creates a symbol once', async () => {
    const both = await Promise.allSettled([
      catalogue.create(instrument('ACME', { name: 'One' })),
      other.create(instrument('ACME', { name: 'Two' })),
    ]);
    const failed = both.filter((each) => each.status === 'rejected').map((each) => each.reason as unknown);
    expect(failed).toEqual([new InstrumentExistsError('ACME')]);
  });

  it.each(['NONE', 'eur-usd', 'A\0', 'X'.repeat(5_000)])('does not know %j', async (symbol) => {
    const unknown = new UnknownSymbolError([symbol]);
    await expect(catalogue.get(symbol)).rejects.toThrow(unknown);
    await expect(catalogue.update(symbol, { name: 'New' })).rejects.toThrow(unknown);
    await expect(catalogue.requireKnown([symbol])).rejects.toThrow(unknown);
    expect(await catalogue.forTrades(new Set([symbol]))).toEqual(new Map());
  });

  it('names all symbols that are unknown', async () => {
    await catalogue.create(instrument('ACME'));
    await catalogue.requireKnown(['ACME']);
    await catalogue.requireKnown([]);
    await expect(catalogue.requireKnown(['ONE', 'ACME', 'two'])).rejects.toThrow(
      new UnknownSymbolError(['ONE', 'two']),
    );
  });

  it('walks all instruments in the order of bytes, page by page', async () => {
    const symbols = ['A', 'A-B', 'A.B', 'A0', 'AA', 'AB', 'A_B', 'B'];
    for (const symbol of symbols.toReversed()) await catalogue.create(instrument(symbol));
    const pages: string[][] = [];
    let cursor: string | null | undefined;
    do {
      const page = await catalogue.list({ limit: 3, cursor: cursor ?? undefined });
      pages.push(page.instruments.map((each) => each.symbol));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(pages).toEqual([
      ['A', 'A-B', 'A.B'],
      ['A0', 'AA', 'AB'],
      ['A_B', 'B'],
    ]);
  });

  it('has no next page after a full last one', async () => {
    await catalogue.create(instrument('A'));
    await catalogue.create(instrument('B', { status: 'halted' }));
    await catalogue.create(instrument('C'));
    expect(await catalogue.list({ limit: 2, status: 'active' })).toEqual({
      instruments: [instrument('A'), instrument('C')],
      nextCursor: null,
    });
  });

  it('refuses a cursor that is none', async () => {
    await expect(catalogue.list({ limit: 1, cursor: 'EUR-USD' })).rejects.toMatchObject({
      code: coreErrors.validation_failed.code,
      data: { errors: [{ field: 'cursor' }] },
    });
  });

  it('changes what it is told to and nothing else', async () => {
    await catalogue.create(instrument('ACME'));
    const changed = instrument('ACME', { name: 'Acme', tickSize: '0.05', status: 'halted' });
    expect(await catalogue.update('ACME', { name: 'Acme', tickSize: '0.05', status: 'halted' })).toEqual(
      changed,
    );
    expect(await other.get('ACME')).toEqual(changed);
  });

  it('keeps the sizes once trades came, and lets the rest be changed', async () => {
    await catalogue.create(instrument('ACME'));
    await catalogue.forTrades(new Set(['ACME']));
    const fixed = new InstrumentSizesFixedError('ACME');
    await expect(other.update('ACME', { tickSize: '0.1', name: 'New' })).rejects.toThrow(fixed);
    await expect(other.update('ACME', { lotSize: '10' })).rejects.toThrow(fixed);
    expect(await other.get('ACME')).toEqual(instrument('ACME'));
    const changes = { tickSize: '0.01', lotSize: '1', name: 'New' };
    expect(await other.update('ACME', changes)).toEqual(instrument('ACME', { name: 'New' }));
  });

  it('leaves the sizes of a halted instrument open', async () => {
    await catalogue.create(instrument('ACME', { status: 'halted' }));
    expect(await catalogue.forTrades(new Set(['ACME']))).toEqual(
      new Map([['ACME', instrument('ACME', { status: 'halted' })]]),
    );
    expect(await other.update('ACME', { tickSize: '0.1' })).toMatchObject({ tickSize: '0.1' });
  });

  it('never gives out a size for trades that another process then changes', async () => {
    const symbols = Array.from({ length: 20 }, (_, index) => `S${String(index)}`);
    for (const symbol of symbols) await catalogue.create(instrument(symbol));
    const resized = symbols.map((symbol) =>
      other.update(symbol, { tickSize: '0.05' }).then(
        () => '0.05',
        () => '0.01',
      ),
    );
    const orders = [symbols, symbols.toReversed()];
    const traded = await Promise.all(orders.map((order) => newCatalogue().forTrades(new Set(order))));
    const sizes = await Promise.all(resized);
    const expected = new Map(
      symbols.map((symbol, index) => [symbol, instrument(symbol, { tickSize: sizes[index] ?? '' })]),
    );
    expect(traded).toEqual([expected, expected]);
  });

  it('sees its own changes at once and those of others soon', async () => {
    await catalogue.create(instrument('ACME'));
    const status = async () => (await catalogue.forTrades(new Set(['ACME']))).get('ACME')?.status;
    expect(await status()).toBe('active');
    await catalogue.update('ACME', { status: 'halted' });
    expect(await status()).toBe('halted');
    await other.update('ACME', { status: 'active' });
    await waitFor(async () => (await status()) === 'active', { timeoutMs: 3_000 });
  });

  it('goes on with known instruments while the database hangs', async () => {
    await catalogue.create(instrument('ACME'));
    const known = await catalogue.forTrades(new Set(['ACME']));
    server.signal('SIGSTOP');
    try {
      await expect(catalogue.get('ACME')).rejects.toThrow(DatastoreError);
      // By now what is known is more than a second old.
      expect(await catalogue.forTrades(new Set(['ACME']))).toEqual(known);
      await expect(catalogue.forTrades(new Set(['ACME', 'OTHER']))).rejects.toThrow(DatastoreError);
    } finally {
      server.signal('SIGCONT');
    }
    await waitFor(() => catalogue.get('ACME'));
  });

  it('seeds what is missing and leaves what is there', async () => {
    await catalogue.create(instrument('ACME', { status: 'halted' }));
    const seed = () => postgres.run((dataSource) => seedInstruments(dataSource, exampleInstruments));
    const missing = exampleInstruments.map((each) => each.symbol).filter((symbol) => symbol !== 'ACME');
    expect(await seed()).toEqual(missing);
    expect(await seed()).toEqual([]);
    const { instruments } = await catalogue.list({ limit: 100 });
    const expected = exampleInstruments.map((each) =>
      each.symbol === 'ACME' ? instrument('ACME', { status: 'halted' }) : each,
    );
    expect(instruments).toEqual(expected.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1)));
  });
});
