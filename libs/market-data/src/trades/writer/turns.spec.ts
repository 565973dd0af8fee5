import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

/** Works that end when they are told to, and note when they begin. */
function works(atOnce: number) {
  const turns = new Turns(atOnce);
  const begun: number[] = [];
  const ends: PromiseWithResolvers<number>[] = [];
  const begin = (name: number): Promise<number> => {
    const end = Promise.withResolvers<number>();
    ends[name] = end;
    return turns.take(() => {
      begun.push(name);
      return end.promise;
    });
  };
  return { begun, ends, begin };
}

describe('Turns', () => {
  it('lets so many run at once, and the others in the order of their coming', async () => {
    const { begun, ends, begin } = works(2);
    const results = [0, 1, 2, 3].map(begin);
    expect(begun).toEqual([0, 1]);
    ends[1]?.resolve(10);
    await expect(results[1]).resolves.toBe(10);
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const end of ends) end.resolve(0);
    await Promise.all(results);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('goes on after a work that fails', async () => {
    const { begun, ends, begin } = works(1);
    const [failing, next] = [begin(0), begin(1)];
    ends[0]?.reject(new Error('No.'));
    ends[1]?.resolve(1);
    await expect(failing).rejects.toThrow('No.');
    await expect(next).resolves.toBe(1);
    expect(begun).toEqual([0, 1]);
  });
});
