import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { waitFor } from '@app/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { HeapPressure } from './heap-pressure.js';

const mib = 2 ** 20;
const flags = ['--max-old-space-size=2048'];

let pressure: HeapPressure | undefined;
afterEach(() => pressure?.stop());

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

async function measured(memoryLimit?: number): Promise<HeapPressure> {
  const made = new HeapPressure({ flags, memoryLimit });
  pressure = made;
  made.start();
  collectGarbage();
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
    collectGarbage();
    await waitFor(() => made.report.liveBytes > before + 20 * mib);
    const full = made.read();
    kept.length = 0;
    collectGarbage();
    await waitFor(() => made.report.liveBytes < before + 10 * mib);
    expect(made.read()).toBeLessThan(full);
  });

  it('takes what a memory limit leaves beside the heap for the limit, where that is less', async () => {
    const limit = process.memoryUsage.rss() + 50 * mib;
    const { limitBytes } = (await measured(limit)).report;
    const heap = process.memoryUsage().heapTotal;
    expect(limitBytes).toBeGreaterThan(heap);
    expect(limitBytes).toBeLessThan(heap + 100 * mib);
  });
});
