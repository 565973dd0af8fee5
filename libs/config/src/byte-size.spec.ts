import { describe, expect, it } from 'vitest';
import { parseByteSize } from './byte-size.js';

describe('parseByteSize', () => {
  it.each([
    ['4mb', 4_194_304],
    ['512kb', 524_288],
    ['1GB', 1_073_741_824],
    ['10b', 10],
    ['1.5kb', 1536],
    ['1000', 1000],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
  });

  it.each(['', '4 mb', '-1', '4mib', '0.3b', 'mb', '1tb', '1e3'])('refuses "%s"', (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  });
});
