import { describe, expect, it } from 'vitest';
import { waitFor } from './wait-for.js';

describe('waitFor', () => {
  it('returns what the condition gives as soon as that is truthy', async () => {
    const answers = [undefined, 0, '', 'here'];
    expect(await waitFor(() => answers.shift())).toBe('here');
    expect(answers).toEqual([]);
  });

  it('takes an error as not yet', async () => {
    let calls = 0;
    const condition = async () => {
      calls += 1;
      if (calls < 3) throw new Error('not up');
      return calls;
    };
    expect(await waitFor(condition)).toBe(3);
  });

  it('throws with what was waited for and the last error', async () => {
    const condition = () => {
      throw new Error('not up');
    };
    await expect(waitFor(condition, { timeoutMs: 30, message: 'the server' })).rejects.toThrow(
      'Waited 30 ms in vain for the server: not up',
    );
  });
});
