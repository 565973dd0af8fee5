import { describe, expect, it } from 'vitest';
import { exitCodeOfAll } from './exit-code-of-all.js';

const end = (code: number | null, served = true) => ({ code, served, signal: null });

describe('exitCodeOfAll', () => {
  it.each([
    [[], 0],
    [[end(0), end(0)], 0],
    [[end(0), end(70)], 70],
    [[end(0), end(null)], 70],
    [[end(70), end(75)], 75],
    [[end(0), end(1, false)], 0],
  ])('of %j is %i', (ends, expected) => {
    expect(exitCodeOfAll(ends)).toBe(expected);
  });
});
