import { describe, expect, it } from 'vitest';
import type { FamilyText } from './family-text.js';
import { LastingCounters } from './lasting-counters.js';

const asked = (...lines: readonly string[]): FamilyText => ({
  name: 'asked_total',
  type: 'counter',
  help: 'How often.',
  lines: lines.map((line) => `asked_total${line}`),
});
const took = (low: number, count: number, sum: number): FamilyText => ({
  name: 'took_seconds',
  type: 'histogram',
  help: 'How long.',
  lines: [
    `took_seconds_bucket{le="0.1",worker="1"} ${String(low)}`,
    `took_seconds_bucket{le="+Inf",worker="1"} ${String(count)}`,
    `took_seconds_sum{worker="1"} ${String(sum)}`,
    `took_seconds_count{worker="1"} ${String(count)}`,
  ],
});
const open: FamilyText = { name: 'open', type: 'gauge', help: 'How many.', lines: ['open{worker="1"} 3'] };

describe('LastingCounters', () => {
  it('has what each living process has told last, and no gauge', () => {
    const counters = new LastingCounters<string>();
    counters.told('a', [asked('{worker="1"} 1'), open]);
    counters.told('b', [asked('{worker="2"} 5')]);
    counters.told('a', [asked('{worker="1"} 2'), open]);
    expect(counters.total()).toEqual([asked('{worker="1"} 2', '{worker="2"} 5')]);
  });

  it('goes on where the process before has ended, with each sample of a histogram', () => {
    const counters = new LastingCounters<string>();
    counters.told('a', [asked('{worker="1"} 7'), took(1, 2, 0.5)]);
    counters.ended('a');
    const between = counters.total();
    counters.told('b', [asked('{worker="1"} 1'), took(0, 3, 1.25)]);
    expect({ between, after: counters.total() }).toEqual({
      between: [asked('{worker="1"} 7'), took(1, 2, 0.5)],
      after: [asked('{worker="1"} 8'), took(1, 5, 1.75)],
    });
  });

  it('adds one that still ends to the one that has followed it', () => {
    const counters = new LastingCounters<string>();
    counters.told('a', [asked('{worker="1"} 7')]);
    counters.told('b', [asked('{worker="1"} 1')]);
    counters.told('a', [asked('{worker="1"} 9')]);
    counters.ended('a');
    expect(counters.total()).toEqual([asked('{worker="1"} 10')]);
  });

  it('keeps what a process does not tell any more', () => {
    const counters = new LastingCounters<string>();
    counters.told('a', [asked('{worker="1"} 7'), took(1, 2, 0.5)]);
    counters.told('a', [asked('{worker="1"} 8')]);
    counters.told('a', []);
    counters.ended('a');
    expect(counters.total()).toEqual([asked('{worker="1"} 8'), took(1, 2, 0.5)]);
  });

  it('does not fall by a rounding when processes end in another order than they came', () => {
    const counters = new LastingCounters<string>();
    for (const [process, seconds] of Object.entries({ a: 0.3, b: 0.2, c: 0.1 }))
      counters.told(process, [asked(`{worker="1"} ${String(seconds)}`)]);
    const before = counters.total();
    for (const process of ['c', 'b', 'a']) counters.ended(process);
    expect(counters.total()).toEqual(before);
  });

  it('has nothing of a process that has told nothing', () => {
    const counters = new LastingCounters<string>();
    counters.ended('a');
    expect(counters.total()).toEqual([]);
  });
});
