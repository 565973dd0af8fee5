import { describe, expect, it } from 'vitest';
import { exampleInstruments } from './instruments.fixture.js';
import { InstrumentSeedError } from './instrument.errors.js';
import { parseInstrumentSeed } from './instrument-seed.js';

describe('parseInstrumentSeed', () => {
  it('reads a list of instruments', () => {
    expect(parseInstrumentSeed(JSON.parse(JSON.stringify(exampleInstruments)))).toEqual(exampleInstruments);
  });

  it('reads an empty list', () => {
    expect(parseInstrumentSeed([])).toEqual([]);
  });

  it('says everything that is wrong', () => {
    const [first] = exampleInstruments;
    const { name: _, ...nameless } = { ...first, symbol: 'OTHER', tickSize: '0' };
    expect(() => parseInstrumentSeed([first, nameless, first])).toThrow(
      new InstrumentSeedError([
        '"[1].name" is required',
        '"[1].tickSize" must be a decimal string above 0 such as "0.01", with at most 15 digits before the point and 18 behind it',
        '"[2]" has the symbol of an earlier one',
      ]),
    );
  });

  it.each([[{ instruments: [] }], [null], [undefined], ['[]'], [7]])('refuses %j', (json) => {
    expect(() => parseInstrumentSeed(json)).toThrow(InstrumentSeedError);
  });
});
