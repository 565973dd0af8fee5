import { describe, expect, it } from 'vitest';
import { backoffMs, pause } from './backoff.js';

describe('backoffMs', () => {
  it('doubles up to a second', () => {
    const pauses = [0, 1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(attempt, () => 0));
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
  });

  it('takes off up to half', () => {
    expect(backoffMs(9, () => 0.5)).toBe(750);
  });
});

describe('pause', () => {
  it('ends when the signal aborts', async () => {
    await expect(pause(60_000, AbortSignal.timeout(1))).resolves.toBeUndefined();
  });
});
