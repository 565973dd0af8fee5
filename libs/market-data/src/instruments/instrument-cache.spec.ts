import { DatastoreError } from '@app/errors';
import { fakeClock } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { exampleInstruments } from './instruments.fixture.js';
import { InstrumentCache } from './instrument-cache.js';
import type { Instrument } from './instrument.js';

type Found = ReadonlyMap<string, Instrument>;

/** A source whose readings are answered by the test, in any order. */
function source() {
  const readings: { symbols: readonly string[]; answer: PromiseWithResolvers<Found> }[] = [];
  const clock = fakeClock();
  const cache = new InstrumentCache(async (symbols) => {
    const answer = Promise.withResolvers<Found>();
    readings.push({ symbols, answer });
    return answer.promise;
  }, clock);
  const reading = (index: number) => {
    const found = readings[index];
    if (found === undefined) throw new Error(`There was no reading ${String(index)}.`);
    return found.answer;
  };
  return { cache, clock, reading, asked: () => readings.map(({ symbols }) => symbols) };
}

const euro = instrument('EUR-USD');
const yen = instrument('USD-JPY');
const halted: Instrument = { ...euro, status: 'halted' };
const down = new DatastoreError('postgres', 'refused');

function instrument(symbol: string): Instrument {
  const found = exampleInstruments.find((each) => each.symbol === symbol);
  if (found === undefined) throw new Error(`There is no ${symbol}.`);
  return found;
}

const found = (...instruments: Instrument[]): Found =>
  new Map(instruments.map((each) => [each.symbol, each]));

async function filled(...instruments: Instrument[]) {
  const made = source();
  const got = made.cache.get(instruments.map((each) => each.symbol));
  made.reading(0).resolve(found(...instruments));
  await got;
  return made;
}

describe('InstrumentCache', () => {
  it('reads an instrument once a second', async () => {
    const { cache, clock, reading, asked } = await filled(euro);
    clock.advance(999);
    expect(await cache.get(['EUR-USD'])).toEqual(found(euro));
    clock.advance(1);
    const renewed = cache.get(['EUR-USD']);
    reading(1).resolve(found(halted));
    expect(await renewed).toEqual(found(halted));
    expect(asked()).toEqual([['EUR-USD'], ['EUR-USD']]);
  });

  it('reads only what is not being read already', async () => {
    const { cache, reading, asked } = source();
    const both = [cache.get(['EUR-USD']), cache.get(['EUR-USD', 'USD-JPY'])];
    reading(0).resolve(found(euro));
    reading(1).resolve(found(yen));
    expect(await Promise.all(both)).toEqual([found(euro), found(euro, yen)]);
    expect(asked()).toEqual([['EUR-USD'], ['USD-JPY']]);
  });

  it('asks for an unknown symbol each time', async () => {
    const { cache, reading } = source();
    const before = cache.get(['EUR-USD']);
    reading(0).resolve(found());
    expect(await before).toEqual(found());
    const after = cache.get(['EUR-USD']);
    reading(1).resolve(found(euro));
    expect(await after).toEqual(found(euro));
  });

  it('throws while an instrument that is not known cannot be read', async () => {
    const { cache, reading } = await filled(euro);
    const both = cache.get(['EUR-USD', 'USD-JPY']);
    reading(1).reject(down);
    await expect(both).rejects.toBe(down);
  });

  it('gives known instruments out while they cannot be read, and tries again after a second', async () => {
    const { cache, clock, reading, asked } = await filled(euro);
    clock.advance(1_000);
    const during = cache.get(['EUR-USD']);
    reading(1).reject(down);
    expect(await during).toEqual(found(euro));
    expect(await cache.get(['EUR-USD'])).toEqual(found(euro));
    expect(asked()).toHaveLength(2);
    clock.advance(1_000);
    const after = cache.get(['EUR-USD']);
    reading(2).resolve(found(halted));
    expect(await after).toEqual(found(halted));
  });

  it('does not wait long for a database that hangs, and keeps what it says at last', async () => {
    const { cache, clock, reading } = await filled(euro);
    clock.advance(1_000);
    expect(await cache.get(['EUR-USD'])).toEqual(found(euro));
    clock.advance(1_000);
    const late = cache.get(['EUR-USD']);
    reading(1).resolve(found(halted));
    expect(await late).toEqual(found(halted));
  });

  it('throws an error that is not the outage of a datastore', async () => {
    const { cache, clock, reading } = await filled(euro);
    clock.advance(1_000);
    const renewed = cache.get(['EUR-USD']);
    const bug = new TypeError('a bug');
    reading(1).reject(bug);
    await expect(renewed).rejects.toBe(bug);
  });

  it('gives nothing that was read before an instrument was forgotten', async () => {
    const { cache, reading } = source();
    const before = cache.get(['EUR-USD']);
    cache.forget('EUR-USD');
    const after = cache.get(['EUR-USD']);
    reading(1).resolve(found(halted));
    expect(await after).toEqual(found(halted));
    reading(0).resolve(found(euro));
    expect(await before).toEqual(found(euro));
    expect(await cache.get(['EUR-USD'])).toEqual(found(halted));
  });
});
