import type { ContainerMemory } from '@app/container';
import { describe, expect, it } from 'vitest';
import { OomKills } from './oom-kills.js';

function risen(
  limitBytes: number | undefined,
  counts: readonly (number | undefined)[],
): (boolean | undefined)[] {
  const left = [...counts];
  const read = (): ContainerMemory => ({
    limitBytes,
    usageBytes: undefined,
    workingSetBytes: undefined,
    oomKills: left.shift(),
  });
  const kills = new OomKills(read);
  return counts.slice(1).map(() => kills.risen());
}

describe('OomKills', () => {
  it.each([
    ['the count rises and stays', 2 ** 30, [3, 4, 4], [true, false]],
    ['there is no count under a limit', 2 ** 30, [undefined, undefined], [undefined]],
    ['there is neither', undefined, [undefined, undefined], [false]],
  ])('when %s', (_, limit, counts, expected) => {
    expect(risen(limit, counts)).toEqual(expected);
  });
});
