import { describe, expect, it } from 'vitest';
import { jobPoolOptions, poolOptions } from './pool.options.js';

const pool = {
  size: 10,
  maxOverflow: 20,
  recycleMs: 300_000,
  prePing: true,
  prePingIdleMs: 1_000,
  timeoutMs: 5_000,
  statementTimeoutMs: 15_000,
};

describe('poolOptions', () => {
  it('keeps the size and opens the overflow', () => {
    expect(poolOptions(pool)).toEqual({
      size: 10,
      maxOverflow: 20,
      recycleMs: 300_000,
      prePingIdleMs: 1_000,
      timeoutMs: 5_000,
      statementTimeoutMs: 15_000,
      silenceMs: undefined,
    });
  });

  it('tries no connection where pre-ping is off', () => {
    expect(poolOptions({ ...pool, prePing: false }).prePingIdleMs).toBeUndefined();
  });
});

describe('jobPoolOptions', () => {
  it('leaves a statement all the time that it takes', () => {
    expect(jobPoolOptions).toMatchObject({ statementTimeoutMs: undefined, silenceMs: undefined });
  });
});
