import { waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { EventLoopDelay } from './event-loop-delay.js';

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('EventLoopDelay', () => {
  it('sees how long the event loop stood still', async () => {
    const delay = new EventLoopDelay();
    delay.start();
    const { maxMs } = await waitFor(() => {
      block(150);
      return delay.report.maxMs > 100 ? delay.report : undefined;
    });
    delay.stop();
    expect(maxMs).toBeLessThan(5_000);
  });

  it('reports no delay before it has measured', () => {
    expect(new EventLoopDelay().report).toEqual({ meanMs: 0, p99Ms: 0, maxMs: 0 });
  });
});
