import { describe, expect, it } from 'vitest';
import { poolOptions } from './pool.options.js';

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
      min: 10,
      max: 30,
      idleTimeoutMillis: 10_000,
      connectionTimeoutMillis: 5_000,
      maxLifetimeSeconds: 300,
      silenceMs: 15_000,
    });
  });

  it('lets connections live for ever where nothing is recycled', () => {
    expect(poolOptions({ ...pool, recycleMs: undefined }).maxLifetimeSeconds).toBe(0);
  });
});
