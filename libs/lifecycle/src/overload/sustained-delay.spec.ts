import { describe, expect, it } from 'vitest';
import type { DelaySample } from './delay-controller.js';
import { SustainedDelay, type SustainedChange } from './sustained-delay.js';

const idle = { delayMs: 0, spanMs: 20, busyMs: 0 };
const late = (delayMs: number) => ({ delayMs, spanMs: delayMs + 20, busyMs: 0 });
const times = <Sample>(count: number, ...samples: Sample[]): Sample[] =>
  Array.from({ length: count }, () => samples).flat();

function changes(samples: readonly DelaySample[]): SustainedChange[] {
  const sustained = new SustainedDelay();
  return samples.map((sample) => sustained.sample(sample)).filter((change) => change !== undefined);
}

const red = [...times(5, late(3_000))];

describe('SustainedDelay', () => {
  it.each([
    ['one stall of 3 s', [late(3_000), ...times(1_000, idle)], 0],
    ['one stall of a minute', [late(60_000), ...times(1_000, idle)], 0],
    ['a stall of 3 s every 5 s', times(20, late(3_000), ...times(100, idle)), 0],
    ['900 ms for a minute', times(66, late(900)), 0],
    ['1.1 s for 9 s', [...times(9, late(1_100)), ...times(100, idle)], 0],
    ['1.1 s for 13 s', times(12, late(1_100)), 1],
    ['1.5 s for 13 s, with 100 ms between', times(10, late(1_500), ...times(5, idle)), 1],
    ['3 s, five times', red, 1],
  ])('after %s it has changed %d times', (_name, samples, count) => {
    expect(changes(samples)).toHaveLength(count);
  });

  it('tells the causes in figures', () => {
    expect(changes([...red, ...times(300, idle)])).toEqual([
      { overloaded: true, cause: 'event loop delay above 1000 ms for 12.1 s, now 3000 ms' },
      { overloaded: false, cause: 'event loop delay below 500 ms for 5.0 s, at most 0 ms' },
    ]);
  });

  it.each([
    ['calm for 4 s', times(200, idle)],
    ['600 ms for a minute', times(100, late(600))],
    ['calm with 600 ms every 4 s', times(10, late(600), ...times(200, idle))],
  ])('stays overloaded while it is %s', (_name, samples) => {
    expect(changes([...red, ...samples])).toHaveLength(1);
  });
});
