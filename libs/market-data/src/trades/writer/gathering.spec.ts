import { describe, expect, it } from 'vitest';
import { Gathering } from './gathering.js';

const long = 60_000;

describe('Gathering', () => {
  it('is due as soon as there is enough', async () => {
    const gathering = new Gathering(10, long);
    gathering.add(4);
    gathering.add(6);
    await expect(gathering.due()).resolves.toBeUndefined();
  });

  it('is due when the first has waited long enough, however many follow', async () => {
    const gathering = new Gathering(1_000, 30);
    const begin = performance.now();
    gathering.add(1);
    const following = setInterval(() => gathering.add(1), 5);
    await gathering.due();
    clearInterval(following);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(29);
  });

  it('is due at once in a hurry', async () => {
    const gathering = new Gathering(10, long);
    gathering.hurry();
    await expect(gathering.due()).resolves.toBeUndefined();
  });

  it('begins anew with what comes next', async () => {
    const gathering = new Gathering(10, long);
    gathering.add(9);
    gathering.hurry();
    await gathering.due();
    gathering.add(9);
    const early = await Promise.race([gathering.due().then(() => 'due'), Promise.resolve('not yet')]);
    gathering.add(1);
    expect(early).toBe('not yet');
  });
});
