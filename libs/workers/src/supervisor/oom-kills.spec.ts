import type { ContainerMemory } from '@app/container';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OomKills } from './oom-kills.js';

const memory = (limitBytes: number | undefined, oomKills: number | undefined): ContainerMemory => ({
  limitBytes,
  usageBytes: undefined,
  workingSetBytes: undefined,
  oomKills,
});
const limit = 2 ** 30;

afterEach(() => vi.useRealTimers());

describe('the kernel has just killed a process', () => {
  it('when the count has risen since the last look but one, however often that is asked', () => {
    let count = 3;
    const kills = new OomKills(() => memory(limit, count));
    const seen = [kills.risen()];
    count = 5;
    seen.push(kills.risen(), kills.risen());
    kills.look();
    seen.push(kills.risen());
    kills.look();
    seen.push(kills.risen());
    expect(seen).toEqual([false, true, true, true, false]);
  });

  it.each([
    ['nobody knows, when there is no count under a limit', limit, undefined],
    ['never, when there is neither', undefined, false],
  ] as const)('%s', (_, limitBytes, expected) => {
    const kills = new OomKills(() => memory(limitBytes, undefined));
    kills.look();
    expect(kills.risen()).toBe(expected);
  });

  it('and not seconds ago, where it looks by itself', () => {
    vi.useFakeTimers();
    let count = 0;
    const kills = OomKills.watching(() => memory(limit, count));
    count = 1;
    vi.advanceTimersByTime(1_000);
    const soon = kills.risen();
    vi.advanceTimersByTime(1_000);
    expect([soon, kills.risen()]).toEqual([true, false]);
  });
});
