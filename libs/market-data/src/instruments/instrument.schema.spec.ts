import type Joi from 'joi';
import { describe, expect, it } from 'vitest';
import { instrumentChangesSchema, instrumentSchema } from './instrument.schema.js';

const sound = {
  symbol: 'EUR-USD',
  name: 'Euro / US dollar',
  assetClass: 'fx',
  currency: 'USD',
  tickSize: '0.00001',
  lotSize: '1',
};

function mistakes(value: unknown, schema: Joi.Schema = instrumentSchema): string[] {
  const { error } = schema.validate(value, { abortEarly: false });
  return error?.details.map((detail) => detail.path.join('.')) ?? [];
}

describe('instrumentSchema', () => {
  it('makes an instrument active unless it says otherwise', () => {
    expect(instrumentSchema.validate(sound).value).toEqual({ ...sound, status: 'active' });
    expect(instrumentSchema.validate({ ...sound, status: 'halted' }).value.status).toBe('halted');
  });

  it.each([
    ['1', '1'],
    ['1.0', '1'],
    ['100', '100'],
    ['0.10', '0.1'],
    ['10.500', '10.5'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['123456789012345', '123456789012345'],
  ])('reads the size %s as %s', (given, kept) => {
    expect(instrumentSchema.validate({ ...sound, tickSize: given }).value.tickSize).toBe(kept);
  });

  it.each([
    '0',
    '0.00',
    '-1',
    '+1',
    '1e-5',
    '.5',
    '1.',
    '01',
    '',
    ' 1',
    '1 ',
    'NaN',
    0.01,
    null,
    '1'.repeat(16),
    `0.${'0'.repeat(18)}1`,
  ])('refuses the size %j', (size) => {
    expect(mistakes({ ...sound, tickSize: size, lotSize: size })).toEqual(['tickSize', 'lotSize']);
  });

  it.each(['A', '7', 'BRK.B', 'A_B-C.9', 'X'.repeat(32)])('takes the symbol %s', (symbol) => {
    expect(mistakes({ ...sound, symbol })).toEqual([]);
  });

  it.each(['', 'eur', '-A', '.A', 'A B', 'A/B', 'A\n', 'A\0', 'Ä', 'X'.repeat(33), 1, null])(
    'refuses the symbol %j',
    (symbol) => {
      expect(mistakes({ ...sound, symbol })).toEqual(['symbol']);
    },
  );

  it('names every mistake at once', () => {
    const value = { name: 'a\u0000b', assetClass: '', currency: 'usd', status: 'gone', more: 1 };
    expect(mistakes(value)).toEqual([
      'symbol',
      'name',
      'assetClass',
      'currency',
      'tickSize',
      'lotSize',
      'status',
      'more',
    ]);
  });
});

describe('instrumentChangesSchema', () => {
  it('takes any of the fields but the symbol', () => {
    const { symbol, ...changes } = { ...sound, status: 'halted' };
    expect(mistakes(changes, instrumentChangesSchema)).toEqual([]);
    expect(mistakes({ symbol }, instrumentChangesSchema)).toEqual(['symbol']);
  });

  it('refuses to change nothing', () => {
    expect(mistakes({}, instrumentChangesSchema)).toEqual(['']);
  });
});
