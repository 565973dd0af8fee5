import { waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import type { DelaySample } from './delay-controller.js';
import { EventLoopDelay } from './event-loop-delay.js';

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('EventLoopDelay', () => {
  it('gives one sample for a turn that was late, and sees its length', async () => {
    const samples: DelaySample[] = [];
    const delay = new EventLoopDelay((sample) => samples.push(sample));
    delay.start();
    await waitFor(() => samples.length > 0);
    const before = samples.length;
    block(300);
    await waitFor(() => samples.length > before);
    delay.stop();
    expect(samples[before]?.delayMs).toBeGreaterThan(250);
    expect(samples[before]?.spanMs).toBeGreaterThan(299);
    expect(samples[before]?.busyMs).toBeGreaterThan(0);
    expect(delay.report.maxMs).toBeGreaterThan(250);
  });

  it('reports no delay before it has measured', () => {
    const { report, currentMs } = new EventLoopDelay();
    expect({ report, currentMs }).toEqual({ report: { meanMs: 0, p99Ms: 0, maxMs: 0 }, currentMs: 0 });
  });
});
