import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.js';

describe('backOffMs', () => {
  it('doubles up to a second, of which up to half is taken off by chance', () => {
    const failures = [0, 1, 2, 3, 4, 5, 50];

    expect(failures.map((count) => backOffMs(count, 1))).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
    expect(failures.map((count) => backOffMs(count, 0))).toEqual([25, 50, 100, 200, 400, 500, 500]);
  });
});
