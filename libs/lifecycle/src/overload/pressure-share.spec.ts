import { describe, expect, it } from 'vitest';
import { pressureShare } from './pressure-share.js';

describe('pressureShare', () => {
  it.each([
    [0, 0, 0],
    [0.74, 0, 0],
    [0.8, 0.5, 0],
    [0.85, 1, 0],
    [0.9, 1, 0.5],
    [0.95, 1, 1],
    [1.5, 1, 1],
  ])(
    'at a reading of %d refuses %d of the requests with a body, and %d of the others',
    (reading, ...shares) => {
      const found = [pressureShare(reading, 'with-body'), pressureShare(reading, 'without-body')];
      expect(found.map((share) => Math.round(share * 100) / 100)).toEqual(shares);
    },
  );
});
