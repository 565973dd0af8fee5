import { waitFor } from '@app/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.js';
import { HeapPressure } from './heap-pressure.js';

const mib = 2 ** 20;
const flags = ['--max-old-space-size=2048'];

let pressure: HeapPressure | undefined;
afterEach(() => pressure?.stop());

async function measured(memoryLimit?: number): Promise<HeapPressure> {
  const made = new HeapPressure({ flags, memoryLimit });
  pressure = made;
  made.start();
  await collectGarbage();
  await waitFor(() => made.report.liveBytes > 0);
  return made;
}

describe('HeapPressure', () => {
  it('knows nothing before the first collection', () => {
    const { report } = new HeapPressure({ flags, memoryLimit: undefined });
    expect(report).toEqual({ liveBytes: 0, limitBytes: 2_048 * mib });
  });

  it('sees what lives, and that it is gone', async () => {
    const made = await measured();
    const before = made.report.liveBytes;
    const kept: unknown[] = Array.from({ length: 2 ** 20 }, (_, index) => ({ index }));
    await collectGarbage();
    await waitFor(() => made.report.liveBytes > before + 20 * mib);
    const full = made.read();
    kept.length = 0;
    await collectGarbage();
    await waitFor(() => made.report.liveBytes < before + 10 * mib);
    expect(made.read()).toBeLessThan(full);
  });

  it('has V8 collect when it is asked to look again', async () => {
    const made = await measured();
    const kept: unknown[] = Array.from({ length: 2 ** 20 }, (_, index) => ({ index }));
    await collectGarbage();
    await waitFor(() => made.report.liveBytes > 20 * mib);
    const full = made.report.liveBytes;
    kept.length = 0;
    await waitFor(async () => {
      await made.lookSoon();
      return made.report.liveBytes < full - 10 * mib;
    });
    expect(made.report.liveBytes).toBeGreaterThan(0);
  });

  it('takes what a memory limit leaves beside the heap for the limit, where that is less', async () => {
    const limit = process.memoryUsage.rss() + 50 * mib;
    const { limitBytes } = (await measured(limit)).report;
    const heap = process.memoryUsage().heapTotal;
    expect(limitBytes).toBeGreaterThan(heap);
    expect(limitBytes).toBeLessThan(heap + 100 * mib);
  });
});
