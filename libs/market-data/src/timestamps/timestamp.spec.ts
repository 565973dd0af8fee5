import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp, renderTimestamp, timestampOfMillis } from './timestamp.js';

const second20 = Date.UTC(2017, 3, 19, 9, 20) / 1_000;

describe('parseTimestamp', () => {
  it.each([
    ['2017-04-19T09:20:00Z', second20, 0],
    ['2017-04-19t09:20:00z', second20, 0],
    ['2017-04-19T09:20:00.1Z', second20, 100_000_000],
    ['2017-04-19T09:20:00.123456789Z', second20, 123_456_789],
    ['2017-04-19T09:20:00.000000001Z', second20, 1],
    ['2017-04-19T11:20:00+02:00', second20, 0],
    ['2017-04-19T03:50:00.5-05:30', second20, 500_000_000],
    ['2017-04-19T09:20:00-00:00', second20, 0],
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-01T00:30:00+01:00', -1_800, 0],
    ['0000-03-01T00:00:00Z', -719_468 * 86_400, 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) / 1_000, 0],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29) / 1_000, 0],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1) / 1_000, 0],
    ['2016-12-31T15:59:60.25-08:00', Date.UTC(2017, 0, 1) / 1_000, 250_000_000],
    ['9999-12-31T23:59:59.999999999Z', 253_402_300_799, 999_999_999],
  ])('reads %s', (text, second, nanos) => {
    expect(parseTimestamp(text)).toEqual({ second, nanos });
  });

  it.each([
    '',
    'now',
    '2017-04-19',
    '2017-04-19T09:20Z',
    '2017-04-19T09:20:00',
    '2017-04-19 09:20:00Z',
    '2017-04-19T09:20:00.Z',
    '2017-04-19T09:20:00.1234567890Z',
    '2017-04-19T09:20:00,5Z',
    '2017-04-19T09:20:00ZZ',
    '2017-04-19T09:20:00Z ',
    ' 2017-04-19T09:20:00Z',
    '2017-04-19T09:20:00+0200',
    '2017-04-19T09:20:00+02',
    '2017-04-19T09:20:00+24:00',
    '2017-04-19T09:20:00+02:60',
    '2017-04-19T24:00:00Z',
    '2017-04-19T09:60:00Z',
    '2017-04-19T09:20:61Z',
    '2017-04-19T09:20:60Z',
    '2016-12-30T23:59:60Z',
    '2017-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2017-04-31T00:00:00Z',
    '2017-00-01T00:00:00Z',
    '2017-13-01T00:00:00Z',
    '2017-01-00T00:00:00Z',
    '17-04-19T09:20:00Z',
    '+2017-04-19T09:20:00Z',
    '2017/04/19T09:20:00Z',
    '2017-04-19T09.20.00Z',
    '２017-04-19T09:20:00Z',
    '2017-04-1\u0000T09:20:00Z',
    '1492593600',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('reads what JavaScript writes', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseTimestamp(date.toISOString())).toEqual(timestampOfMillis(date.getTime()));
      }),
    );
  });

  it('takes or refuses any text without an error', () => {
    const parse = (text: string): unknown => parseTimestamp(text);
    expect(() =>
      fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => void parse(text))),
    ).not.toThrow();
  });
});

describe('renderTimestamp', () => {
  it.each([
    [0, '2017-04-19T09:20:00Z'],
    [500_000_000, '2017-04-19T09:20:00.500Z'],
    [1_000, '2017-04-19T09:20:00.000001Z'],
    [123_456_789, '2017-04-19T09:20:00.123456789Z'],
  ])('uses the fewest of 0, 3, 6 and 9 digits for %i nanoseconds', (nanos, text) => {
    expect(renderTimestamp({ second: second20, nanos })).toBe(text);
  });

  it('writes what reads as the same moment', () => {
    const moments = fc.record({
      second: fc.integer({ min: 0, max: 253_402_300_799 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
    });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(parseTimestamp(renderTimestamp(moment))).toEqual(moment);
      }),
    );
  });
});
