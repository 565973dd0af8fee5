import { describe, expect, it } from 'vitest';
import { LifeWatch, type Watched } from './life-watch.js';

const limits = { startMs: 60_000, silenceMs: 3_000 };

/** Looks every second up to a moment; the workers give no sign meanwhile. */
function found(workers: readonly Watched[], untilMs: number): number[] {
  const watch = new LifeWatch(1_000);
  let overdue: number[] = [];
  for (let now = 0; now <= untilMs; now += 1_000) {
    overdue = watch.look(workers, limits, now).map(({ worker }) => workers.indexOf(worker));
  }
  return overdue;
}

describe('LifeWatch', () => {
  it.each([
    [3_000, []],
    [4_000, [1]],
    [60_000, [1]],
    [61_000, [0, 1]],
  ])('after %i ms of silence', (untilMs, expected) => {
    const workers = [
      { aliveAt: 0, served: false },
      { aliveAt: 0, served: true },
    ];
    expect(found(workers, untilMs)).toEqual(expected);
  });

  it('says how long it has waited', () => {
    const watch = new LifeWatch(1_000);
    watch.look([], limits, 4_000);
    const worker = { aliveAt: 500, served: true };
    expect(watch.look([worker], limits, 5_000)).toEqual([{ worker, waitedMs: 4_500 }]);
  });

  it('gives everybody time anew when it was itself not looking', () => {
    const watch = new LifeWatch(1_000);
    const worker = { aliveAt: 0, served: true };
    watch.look([worker], limits, 1_000);
    const late = watch.look([worker], limits, 3_001);
    const after = [4_001, 5_001, 6_001].map((now) => watch.look([worker], limits, now).length);
    const over = watch.look([worker], limits, 7_001).length;
    expect([late, after, over]).toEqual([[], [0, 0, 0], 1]);
  });
});
