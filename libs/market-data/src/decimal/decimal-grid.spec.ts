import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecimalGrid } from './decimal-grid.js';

describe('DecimalGrid', () => {
  it.each([
    ['0.00001', '1.0716', '107160'],
    ['0.00001', '1.07160', '107160'],
    ['0.00001', '1.07160000000', '107160'],
    ['0.00001', '0001.5', '150000'],
    ['0.00001', 1.0716, '107160'],
    ['0.00001', 1e-5, '1'],
    ['0.0000001', 1.5e-6, '15'],
    ['1', '0', '0'],
    ['1', -0, '0'],
    ['1', '0.000', '0'],
    ['1', 1e17, '100000000000000000'],
    ['1', '9007199254740993', '9007199254740993'],
    ['1', '999999999999999999', '999999999999999999'],
    ['0.25', '0.75', '3'],
    ['0.25', 1234.5, '4938'],
    ['0.10', '0.3', '3'],
    ['5', '15', '3'],
    ['0.000000000000000001', '0.1', '100000000000000000'],
    ['0.1', 0.3, '3'],
    ['123456789012345.123456789012345678', '246913578024690.246913578024691356', '2'],
  ])('counts the steps of %s in %s', (step, value, steps) => {
    expect(new DecimalGrid(step).count(value)).toEqual({ steps });
  });

  it.each([
    ['', 'not_decimal'],
    ['.5', 'not_decimal'],
    ['5.', 'not_decimal'],
    ['1.2.3', 'not_decimal'],
    ['-1', 'not_decimal'],
    ['+1', 'not_decimal'],
    ['1e5', 'not_decimal'],
    [' 1', 'not_decimal'],
    ['1,5', 'not_decimal'],
    ['0x10', 'not_decimal'],
    ['١', 'not_decimal'],
    ['Infinity', 'not_decimal'],
    ['1'.repeat(65), 'not_decimal'],
    [Number.NaN, 'not_decimal'],
    [Number.POSITIVE_INFINITY, 'not_decimal'],
    [-1, 'not_decimal'],
    [null, 'not_decimal'],
    [undefined, 'not_decimal'],
    [true, 'not_decimal'],
    [{}, 'not_decimal'],
    [['1'], 'not_decimal'],
    [0.1 + 0.2, 'inexact'],
    [1_234_567_890.123_456_7, 'inexact'],
    [Number('9007199254740993'), 'inexact'],
    ['1.00001', 'off_grid'],
    [1.001, 'off_grid'],
    ['10000000000000000', 'out_of_range'],
    [1e300, 'out_of_range'],
  ])('has no steps of 0.01 for %j: %s', (value, fault) => {
    expect(new DecimalGrid('0.01').count(value)).toEqual({ fault });
  });

  it.each([
    ['0.00001', '107160', '1.07160'],
    ['0.00001', '0', '0.00000'],
    ['0.00001', '7', '0.00007'],
    ['0.25', '3', '0.75'],
    ['0.50', '3', '1.5'],
    ['5', '3', '15'],
    ['1', '999999999999999999', '999999999999999999'],
  ])('renders the steps of %s: %s is %s', (step, steps, decimal) => {
    expect(new DecimalGrid(step).render(steps)).toBe(decimal);
  });

  it('refuses a step that is not above 0', () => {
    expect(() => new DecimalGrid('0.00')).toThrow(RangeError);
  });

  const steps = fc.oneof(fc.bigInt({ min: 1n, max: 999n }), fc.bigInt({ min: 1n, max: 10n ** 15n }));
  const grids = fc
    .record({ unit: steps, scale: fc.integer({ min: 0, max: 18 }) })
    .map(({ unit, scale }) => ({ unit, scale, grid: new DecimalGrid(decimalOf(unit, scale)) }));
  const counts = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
    fc.bigInt({ min: 0n, max: 10n ** 15n }),
    fc.bigInt({ min: 0n, max: 1_000_000n }),
  );

  it('counts again what it has rendered', () => {
    fc.assert(
      fc.property(grids, counts, ({ unit, grid }, count) => {
        fc.pre(String(count * unit).length <= 60);
        expect(grid.count(grid.render(String(count)))).toEqual({ steps: String(count) });
      }),
    );
  });

  it('agrees with whole-number arithmetic on every decimal', () => {
    fc.assert(
      fc.property(
        grids,
        counts,
        fc.integer({ min: 0, max: 20 }),
        ({ unit, scale, grid }, digits, decimals) => {
          const dividend = digits * 10n ** BigInt(scale);
          const divisor = unit * 10n ** BigInt(decimals);
          const exact = dividend % divisor === 0n;
          const inRange = dividend / divisor < 10n ** 18n;
          const expected = exact
            ? inRange
              ? { steps: String(dividend / divisor) }
              : { fault: 'out_of_range' }
            : { fault: 'off_grid' };
          expect(grid.count(decimalOf(digits, decimals))).toEqual(expected);
        },
      ),
    );
  });

  it('reads a number of up to 15 digits as the decimal that it was written as', () => {
    const digits = fc.integer({ min: 0, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 18 }), (number, decimals) => {
        const text = decimalOf(BigInt(number), decimals);
        const grid = new DecimalGrid('0.000000000000000001');
        expect(grid.count(Number(text))).toEqual(grid.count(text));
      }),
    );
  });
});

function decimalOf(digits: bigint, scale: number): string {
  const padded = String(digits).padStart(scale + 1, '0');
  return scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}
