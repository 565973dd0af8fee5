import { describe, expect, it } from 'vitest';
import { BatchNonces } from './batch-nonces.js';

describe('BatchNonces', () => {
  it('grow within a millisecond, with the time, and when the clock is set back', () => {
    const nonces = new BatchNonces();
    const made = [1_000, 1_000, 1_001, 5, 1_001, 1_002].map((nowMs) => nonces.next(nowMs));
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(new Set(made.map((nonce) => nonce.length))).toEqual(new Set([21]));
  });

  it('differ between processes', () => {
    expect(new BatchNonces().next(1_000)).not.toBe(new BatchNonces().next(1_000));
  });
});
