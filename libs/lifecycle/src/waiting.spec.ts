import { describe, expect, it } from 'vitest';
import { pause } from './pause.js';
import { until } from './until.js';

const never = new Promise<never>(() => undefined);

describe('pause', () => {
  it('ends with the first signal that aborts', async () => {
    await expect(
      pause(60_000, new AbortController().signal, AbortSignal.timeout(1)),
    ).resolves.toBeUndefined();
  });

  it('is none after a signal that has aborted before', async () => {
    await expect(pause(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});

describe('until', () => {
  it('settles as the promise does', async () => {
    const { signal } = new AbortController();
    await expect(until(Promise.resolve('done'), signal)).resolves.toBe('done');
    await expect(until(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
  });

  it.each([
    ['aborts', AbortSignal.timeout(1), 'TimeoutError'],
    ['has aborted before', AbortSignal.abort(), 'AbortError'],
  ])('rejects when the signal %s', async (_name, signal, name) => {
    await expect(until(never, signal)).rejects.toMatchObject({ name });
  });
});
