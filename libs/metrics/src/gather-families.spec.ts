import { describe, expect, it } from 'vitest';
import type { FamilyText } from './family-text.js';
import { type FamilySource, gatherFamilies } from './gather-families.js';

const family = (worker: number): FamilyText => ({
  name: 'up',
  type: 'gauge',
  help: 'Whether.',
  lines: [`up{worker="${String(worker)}"} 1`],
});
const answering = (worker: number): FamilySource => ({
  worker,
  collect: () => Promise.resolve([family(worker)]),
});

describe('gatherFamilies', () => {
  it('leaves out the workers that hang or fail, and says which', async () => {
    const gathered = await gatherFamilies(
      [
        answering(1),
        { worker: 2, collect: () => new Promise(() => undefined) },
        { worker: 3, collect: () => Promise.reject(new Error('gone')) },
        {
          worker: 4,
          collect: () => {
            throw new Error('gone before');
          },
        },
        answering(5),
      ],
      50,
    );
    expect(gathered).toEqual({ families: [family(1), family(5)], missed: [2, 3, 4] });
  });

  it('asks all at once', async () => {
    const bothAsked = Promise.withResolvers<readonly FamilyText[]>();
    const collect = (): Promise<readonly FamilyText[]> => bothAsked.promise;
    const last: FamilySource = {
      worker: 2,
      collect: () => {
        bothAsked.resolve([]);
        return collect();
      },
    };
    expect(await gatherFamilies([{ worker: 1, collect }, last])).toEqual({ families: [], missed: [] });
  });
});
