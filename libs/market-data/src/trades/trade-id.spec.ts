import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { givenTradeId, madeUpTradeId, storedTradeId, tradeOrderKey } from './trade-id.js';

const ids = fc.oneof(
  fc.stringMatching(/^[0-9]{1,64}$/),
  fc.stringMatching(/^0*[0-9]{1,5}$/),
  fc.stringMatching(/^[ -~]{1,64}$/),
  fc.stringMatching(/^~{1,3}[a-z0-9]{1,8}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
);

/** The contract's order, in other words: digits only first, by number, then by bytes; others by bytes. */
function contractOrder(a: string, b: string): number {
  const [digitsA, digitsB] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (digitsA !== digitsB) return digitsA ? -1 : 1;
  if (digitsA && BigInt(a) !== BigInt(b)) return BigInt(a) < BigInt(b) ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function stored(id: string): string {
  const form = storedTradeId(id);
  if (form === undefined) throw new Error(`${JSON.stringify(id)} is no trade id.`);
  return form;
}

describe('storedTradeId', () => {
  it.each([
    '1',
    'a',
    ' ',
    '~',
    '~~x',
    'x'.repeat(64),
    '😀'.repeat(64),
    'é',
    '"\\',
    "a'b",
    '${x}',
    '\u{10ffff}',
  ])('takes %j, which comes out again', (id) => {
    expect(givenTradeId(stored(id))).toBe(id);
  });

  it.each([
    '',
    'x'.repeat(65),
    '😀'.repeat(65),
    'a\tb',
    'a\nb',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u2028',
    '\u2029',
    '\ud800',
    'a\udc00',
    7,
    null,
    undefined,
    {},
    ['1'],
  ])('refuses %j', (id) => {
    expect(storedTradeId(id)).toBeUndefined();
  });
});

describe('madeUpTradeId', () => {
  it('is never the stored form of a given id', () => {
    fc.assert(
      fc.property(ids, (id) => {
        fc.pre(storedTradeId(id) !== undefined);
        expect(givenTradeId(stored(id))).toBe(id);
      }),
    );
    expect(givenTradeId(madeUpTradeId('0mh4nonce', 12))).toBeNull();
  });
});

describe('tradeOrderKey', () => {
  it('sorts ids in the order of the contract', () => {
    const sorted = [
      '0',
      '00',
      '007',
      '7',
      '8',
      '10',
      '0100',
      '100',
      '99999999999999999999',
      ' 1',
      '-1',
      '1a',
      'A',
      'a',
      'é',
      '\uffee',
      '😀',
    ];
    const shuffled = sorted.toSorted((a, b) => (tradeOrderKey(a) < tradeOrderKey(b) ? -1 : 1));
    expect(shuffled).toEqual(sorted);
  });

  it('agrees with the contract on any two ids', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        fc.pre(storedTradeId(a) !== undefined && storedTradeId(b) !== undefined);
        const [keyA, keyB] = [tradeOrderKey(stored(a)), tradeOrderKey(stored(b))];
        expect(keyA < keyB ? -1 : keyA > keyB ? 1 : 0).toBe(Math.sign(contractOrder(a, b)));
        expect(keyA).toMatch(/^[0-9a-z]+$/);
      }),
    );
  });

  it('puts trades without an id last, in the order of arrival', () => {
    const first = tradeOrderKey(madeUpTradeId('0mh4aaaaa', 9));
    const second = tradeOrderKey(madeUpTradeId('0mh4aaaaa', 10));
    expect([tradeOrderKey('zzz') < first, first < second]).toEqual([true, true]);
  });
});
