import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readContainerLimits } from '@app/container';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { planWorkers } from './worker-plan.js';

const mib = 2 ** 20;

type Files = Readonly<Record<string, string>>;

/** What a container of version 2 shows of its limits. */
const version2 = (memory: string, cpu: string): Files => ({
  'proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n',
  'proc/self/cgroup': '0::/\n',
  'sys/fs/cgroup/memory.max': `${memory}\n`,
  'sys/fs/cgroup/cpu.max': `${cpu}\n`,
});

/** The same in version 1, with a reservation, which is no limit. */
const version1 = (memory: string, quotaUs: string): Files => ({
  'proc/self/mountinfo': [
    '32 31 0:28 /docker/4f1d /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct',
    '33 31 0:29 /docker/4f1d /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
  ].join('\n'),
  'proc/self/cgroup': '5:memory:/docker/4f1d\n4:cpu,cpuacct:/docker/4f1d\n',
  'sys/fs/cgroup/memory/memory.limit_in_bytes': `${memory}\n`,
  'sys/fs/cgroup/memory/memory.soft_limit_in_bytes': `${String(64 * mib)}\n`,
  'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': `${quotaUs}\n`,
  'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
});

const unlimited = '9223372036854771712';

describe('planWorkers in a container', () => {
  it.each<[string, Files, number, readonly string[]]>([
    [
      'of version 2 with 512 MB and 2 processors',
      version2(String(512 * mib), '200000 100000'),
      2,
      ['--max-old-space-size=128', '--max-semi-space-size=8'],
    ],
    [
      'of version 1 with 512 MB and 2 processors',
      version1(String(512 * mib), '200000'),
      2,
      ['--max-old-space-size=128', '--max-semi-space-size=8'],
    ],
    [
      'of version 2 with 256 MB and half a processor',
      version2(String(256 * mib), '50000 100000'),
      1,
      ['--max-old-space-size=84', '--max-semi-space-size=4'],
    ],
    [
      'of version 1 with 256 MB and half a processor',
      version1(String(256 * mib), '50000'),
      1,
      ['--max-old-space-size=84', '--max-semi-space-size=4'],
    ],
    ['of version 2 without limits', version2('max', 'max 100000'), 8, []],
    ['of version 1 without limits', version1(unlimited, '-1'), 8, []],
    ['without control groups', {}, 8, []],
  ])('%s', async (_container, files, workers, heapFlags) => {
    await using root = await temporaryFolder();
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root.path, path)), { recursive: true });
      await writeFile(join(root.path, path), content);
    }
    const limits = readContainerLimits(root.path);
    const plan = planWorkers({ asked: 'auto', headroomPercent: 25, limits, parallelism: 8, flags: [] });
    expect({ workers: plan.workers, heapFlags: plan.heapFlags }).toEqual({ workers, heapFlags });
  });
});
