import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, longestDurationMs, parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['300', 300_000],
    ['0', 0],
    ['0.5', 500],
    ['1.5s', 1500],
    ['0.001', 1],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    '',
    ' ',
    's',
    '5 s',
    '-1',
    '+5s',
    '5S',
    '5sec',
    '1m30s',
    '1e3',
    '0.5ms',
    '.5s',
    '5.',
    'Infinity',
    '９s',
    '9'.repeat(30),
  ])('refuses "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [500, '500ms'],
    [5000, '5s'],
    [90_000, '90s'],
    [120_000, '2m'],
    [7_200_000, '2h'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: longestDurationMs }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});
