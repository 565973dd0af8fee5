import { describe, expect, it } from 'vitest';
import { escapeMeasurement, escapeString, escapeTag } from './line-protocol.js';

describe('line protocol', () => {
  it('escapes what separates', () => {
    expect([escapeMeasurement('a, =b'), escapeTag('a, =b'), escapeString('a "b" \\ c')]).toEqual([
      'a\\,\\ =b',
      'a\\,\\ \\=b',
      '"a \\"b\\" \\\\ c"',
    ]);
  });

  it.each(['', 'a\nb', 'a\rb', 'a\\b'])('refuses %j, which a tag cannot hold', (text) => {
    expect(() => escapeTag(text)).toThrow(RangeError);
    expect(() => escapeMeasurement(text)).toThrow(RangeError);
  });
});
