import { describe, expect, it } from 'vitest';
import { DelayController } from './delay-controller.js';

/** A stream of numbers in [0, 1) that is always the same. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

interface Load {
  /** Requests that come, as a multiple of those that can be served. */
  readonly times: number;
  /** What one costs, on average, and how long it waits for a datastore between its two halves; milliseconds. */
  readonly costMs: number;
  readonly waitMs?: number;
}

const refusalMs = 0.05;

/** An event loop of one processor whose turns do what has come in the turn before. */
function simulate({ times, costMs, waitMs = 0 }: Load, forMs = 20_000) {
  const random = numbers();
  const spread = (mean: number): number => -Math.log(1 - random()) * mean;
  const controller = new DelayController();
  const delays: number[] = [];
  let resumed: { at: number; ms: number }[] = [];
  let [now, next, sampledAt, come, servedMs, busyMs] = [0, 0, 0, 0, 0, 0];
  while (now < forMs) {
    const spanMs = now - sampledAt;
    if (spanMs >= 20) {
      sampledAt = now;
      controller.sample({ delayMs: spanMs - 20, spanMs, busyMs });
      busyMs = 0;
      if (now > forMs / 2) delays.push(spanMs - 20);
    }
    const turn = now;
    for (; next <= turn; next += spread(costMs / times)) {
      come += 1;
      const ms = spread(costMs);
      if (random() < controller.share) now += refusalMs;
      else {
        now += ms / 2;
        resumed.push({ at: turn + waitMs, ms: ms / 2 });
      }
    }
    const ready = resumed.filter(({ at }) => at <= turn);
    resumed = resumed.filter(({ at }) => at > turn);
    for (const { ms } of ready) [now, servedMs] = [now + ms, servedMs + 2 * ms];
    busyMs += now - turn;
    if (now === turn) now = Math.min(next, sampledAt + 20, ...resumed.map(({ at }) => at));
  }
  const sorted = delays.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? 0;
  return { used: servedMs / forMs, medianMs: at(0.5), p99Ms: at(0.99), come };
}

const late = (delayMs: number) => ({ delayMs, spanMs: delayMs + 20, busyMs: delayMs });

describe('DelayController', () => {
  it.each<Load>([
    { times: 2, costMs: 1 },
    { times: 2, costMs: 5 },
    { times: 4, costMs: 5 },
    { times: 10, costMs: 5 },
    { times: 4, costMs: 30 },
    { times: 4, costMs: 5, waitMs: 5 },
    { times: 4, costMs: 5, waitMs: 50 },
    { times: 2, costMs: 5, waitMs: 300 },
  ])('holds the delay and uses the processor, under %j', (load) => {
    const { used, medianMs, p99Ms } = simulate(load);
    expect(used).toBeGreaterThan(0.8);
    expect(medianMs).toBeLessThan(100);
    expect(p99Ms).toBeLessThan(500);
  });

  it('refuses next to nothing while the work can be done, however busy the loop is', () => {
    expect(simulate({ times: 0.9, costMs: 5 }).used).toBeGreaterThan(0.87);
  });

  it('does nothing for one late turn, however late', () => {
    const controller = new DelayController();
    controller.sample(late(3_000));
    expect(controller.share).toBe(0);
  });

  it('refuses from the second late turn on, and stops soon after the last', () => {
    const controller = new DelayController();
    for (let turn = 0; turn < 2; turn += 1) controller.sample(late(200));
    const refusing = controller.share;
    for (let turn = 0; turn < 25; turn += 1) controller.sample(late(0));
    expect(refusing).toBeGreaterThan(0.5);
    expect(controller.share).toBe(0);
  });

  it('does nothing for a delay in which the thread has waited for a processor', () => {
    const controller = new DelayController();
    for (let turn = 0; turn < 100; turn += 1) controller.sample({ ...late(500), busyMs: 20 });
    expect(controller.share).toBe(0);
  });

  it('lets some in, whatever the delay', () => {
    const controller = new DelayController();
    for (let turn = 0; turn < 100; turn += 1) controller.sample(late(60_000));
    expect(controller.share).toBe(0.98);
  });
});
