import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { oldGenerationLimit } from './old-generation-limit.js';

const mib = 2 ** 20;

describe('oldGenerationLimit', () => {
  // The heap limits are those that Node 26 has shown with these flags.
  it.each([
    [4_192, [], 4_096],
    [224, ['--max-old-space-size=128'], 128],
    [224, ['--max-old-space-size=64', '--max_old_space_size=128'], 128],
    [131, ['--max-old-space-size=128', '--max-semi-space-size=1'], 128],
    [4_120, ['--max-semi-space-size=8'], 4_096],
    [2_506, ['--max-old-space-size-percentage=10'], 2_410],
    [150, ['--max-old-space-size-percentage=10'], 75],
  ])('of a heap of %d MiB with %j is %d MiB', (heapMib, flags, limitMib) => {
    expect(oldGenerationLimit(heapMib * mib, flags) / mib).toBeCloseTo(limitMib, 0);
  });

  it('is where V8 ends a process', { timeout: 60_000 }, () => {
    const script = `
      const kept = [];
      setInterval(() => {
        kept.push(Array.from({ length: 2 ** 16 }, (_, index) => ({ index })));
        console.log(process.memoryUsage().heapUsed);
      }, 1);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=64', '-e', script], {
      encoding: 'utf8',
    });
    const last = Math.max(...stdout.trim().split('\n').map(Number));
    expect(stderr).toContain('heap out of memory');
    expect(last / oldGenerationLimit(0, ['--max-old-space-size=64'])).toBeGreaterThan(0.85);
    expect(last / oldGenerationLimit(0, ['--max-old-space-size=64'])).toBeLessThan(1.25);
  });
});
