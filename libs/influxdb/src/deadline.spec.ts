import { until } from '@app/lifecycle';
import { describe, expect, it } from 'vitest';
import { withDeadline } from './deadline.js';

const never = new Promise<never>(() => undefined);

describe('withDeadline', () => {
  it('gives what the work gives, and its failure', async () => {
    await expect(withDeadline(1_000, [undefined], () => Promise.resolve('done'))).resolves.toBe('done');
    await expect(withDeadline(1_000, [], () => Promise.reject(new Error('failed')))).rejects.toThrow(
      'failed',
    );
  });

  it.each([
    ['when the time is over', 10, [], 'TimeoutError'],
    ['when another signal aborts', 10_000, [AbortSignal.timeout(10)], 'AbortError'],
    ['when another signal has aborted before', 10_000, [undefined, AbortSignal.abort('why')], 'AbortError'],
  ])('ends the work %s', async (_name, ms, others, error) => {
    const ended = withDeadline(ms, others, (signal) => until(never, signal));

    await expect(ended).rejects.toMatchObject({ name: error });
  });
});
