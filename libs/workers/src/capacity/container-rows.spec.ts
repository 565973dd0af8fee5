import { describe, expect, it } from 'vitest';
import { adviceOf } from './capacity-row.js';
import { containerRows } from './container-rows.js';
import { demandIn, type Situation } from './demand.fixture.js';

function rowsOf(situation: Situation) {
  const [memory, cpu] = containerRows(demandIn(situation));
  if (memory === undefined || cpu === undefined) throw new TypeError('A row is missing.');
  return { memory, cpu };
}

describe('containerRows', () => {
  it.each<[Situation, readonly unknown[]]>([
    [{ limitMb: 256, cpuCores: 0.5 }, ['fits', 192, 256]],
    [{ limitMb: 256, cpuCores: 2 }, ['fits', 192, 256]],
    [{ limitMb: 512, cpuCores: 2 }, ['fits', 432, 512]],
    [{ limitMb: 512, asked: 1 }, ['fits', 432, 512]],
    [{ limitMb: 4096 }, ['fits', 3120, 4096]],
    [{ limitMb: 512, asked: 5 }, ['tight', 604, 512]],
    [{ limitMb: 512, asked: 8 }, ['tight', 928, 512]],
    [{ limitMb: 512, asked: 9 }, ['never', 1036, 512]],
    [{ limitMb: 128 }, ['tight', 172, 128]],
    [{ cpuCores: 2 }, ['fits', 280, null]],
  ])('holds the workers of %o against the memory', (situation, expected) => {
    const { verdict, need, have } = rowsOf(situation).memory;
    expect([verdict, need, have]).toEqual(expected);
  });

  it('says what fits, and how it comes about', () => {
    expect(rowsOf({ limitMb: 512, cpuCores: 2 }).memory.detail).toBe(
      '2 workers × 128 MB of heap and 176 MB beside may take 432 MB of the memory limit of 512 MB.',
    );
    expect(rowsOf({ asked: 2 }).memory.detail).toBe(
      'There is no memory limit; 2 workers want at least 280 MB.',
    );
  });

  it('never fits with heaps above the limit, and says what would', () => {
    const { detail, remedies } = rowsOf({
      limitMb: 512,
      asked: 2,
      flags: ['--max-old-space-size=257'],
    }).memory;
    expect(detail).toBe('2 workers × 257 MB of heap may take 514 MB, more than the memory limit of 512 MB.');
    expect(adviceOf(remedies)).toBe(
      "Set the container's memory limit to 928M, or WORKER_PROCESSES=1, or NODE_OPTIONS=--max-old-space-size=128.",
    );
    expect(rowsOf({ limitMb: 512, asked: 2, flags: ['--max-old-space-size=256'] }).memory.verdict).toBe(
      'tight',
    );
  });

  it('is tight where the heaps fit, but not what is beside them', () => {
    const { detail, remedies } = rowsOf({ limitMb: 512, asked: 5 }).memory;
    expect(detail).toBe(
      '5 workers × 64 MB of heap and 284 MB beside may take 604 MB, and the memory limit of 512 MB leaves too little beside for MEMORY_HEADROOM_PERCENT and for replacing a worker.',
    );
    expect(adviceOf(remedies)).toBe("Set the container's memory limit to 752M, or WORKER_PROCESSES=3.");
  });

  it('offers memory limits at which it then fits', () => {
    for (const limitMb of [64, 128, 300, 512, 1000]) {
      for (const asked of [2, 3, 8, 20]) {
        const { memory } = rowsOf({ limitMb, asked });
        const raised = Number.parseInt(memory.remedies[0]?.settings['memory limit'] ?? String(limitMb), 10);
        expect([raised, rowsOf({ limitMb: raised, asked }).memory.verdict]).toEqual([raised, 'fits']);
      }
    }
  });

  it.each<[Situation, string, string, string]>([
    [{ cpuCores: 0.5 }, 'fits', '1 worker on 0.5 processors of the quota.', ''],
    [{ cpuCores: 2 }, 'fits', '2 workers on 2 processors of the quota.', ''],
    [{ asked: 8 }, 'fits', '8 workers on 8 processors of the machine.', ''],
    [
      { asked: 3, cpuCores: 2.5 },
      'tight',
      '3 workers on 2.5 processors of the quota wait for each other under load, with the memory and the connections of all.',
      "Set WORKER_PROCESSES=2, or the container's CPU limit to 3.",
    ],
  ])('holds the workers of %o against the processors', (situation, verdict, detail, advice) => {
    const { cpu } = rowsOf(situation);
    expect([cpu.verdict, cpu.detail, cpu.remedies.length > 0 ? adviceOf(cpu.remedies) : '']).toEqual([
      verdict,
      detail,
      advice,
    ]);
  });
});
