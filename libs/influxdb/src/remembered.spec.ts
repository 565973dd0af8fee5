import { describe, expect, it } from 'vitest';
import { Remembered } from './remembered.js';

describe('Remembered', () => {
  it('asks once for all who want to know, until it is told to forget', async () => {
    let asked = 0;
    const remembered = new Remembered(() => Promise.resolve(++asked));

    const first = await Promise.all([remembered.get(), remembered.get()]);
    remembered.forget();
    const second = await remembered.get();

    expect([first, second]).toEqual([[1, 1], 2]);
  });

  it('does not keep a failure', async () => {
    let asked = 0;
    const remembered = new Remembered(async () => {
      if (++asked === 1) throw new Error('the first time');
      return asked;
    });

    await expect(remembered.get()).rejects.toThrow('the first time');
    await expect(remembered.get()).resolves.toBe(2);
  });
});
