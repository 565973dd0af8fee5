import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContainerLimits } from './container-limits.js';
import { readHeldMemory } from './memory.js';

const mebibyte = 1024 ** 2;
const unlimited = '9223372036854771712\n';
const nothing = {
  memory: { limitBytes: undefined, usageBytes: undefined, workingSetBytes: undefined, oomKills: undefined },
  cpuCores: undefined,
};

const version2 = '31 23 0:28 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n';
const version1 = (memoryRoot: string, cpuRoot: string): string =>
  [
    '31 23 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755',
    `32 31 0:28 ${cpuRoot} /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct`,
    `33 31 0:29 ${memoryRoot} /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory`,
    '34 31 0:30 / /sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw',
    '',
  ].join('\n');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'container-limits-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function given(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

describe('readContainerLimits', () => {
  it('finds nothing where there are no control groups', () => {
    expect(readContainerLimits(root)).toEqual(nothing);
  });

  it('reads a container of version 2 with a namespace of its own', () => {
    given({
      'proc/self/mountinfo': version2,
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': `${512 * mebibyte}\n`,
      'sys/fs/cgroup/memory.current': `${200 * mebibyte}\n`,
      'sys/fs/cgroup/memory.stat': `anon 1\ninactive_file ${50 * mebibyte}\nactive_file 2\n`,
      'sys/fs/cgroup/memory.events': 'low 0\nhigh 0\nmax 7\noom 2\noom_kill 2\noom_group_kill 0\n',
      'sys/fs/cgroup/cpu.max': '50000 100000\n',
    });
    expect(readContainerLimits(root)).toEqual({
      memory: {
        limitBytes: 512 * mebibyte,
        usageBytes: 200 * mebibyte,
        workingSetBytes: 150 * mebibyte,
        oomKills: 2,
      },
      cpuCores: 0.5,
    });
  });

  it('takes the smallest limit of the groups above in version 2, and the use of that group', () => {
    given({
      'proc/self/mountinfo': version2,
      'proc/self/cgroup': '0::/kubepods.slice/pod1/backend\n',
      'sys/fs/cgroup/kubepods.slice/memory.max': 'max\n',
      'sys/fs/cgroup/kubepods.slice/cpu.max': '400000 100000\n',
      'sys/fs/cgroup/kubepods.slice/pod1/memory.max': `${300 * mebibyte}\n`,
      'sys/fs/cgroup/kubepods.slice/pod1/memory.current': `${100 * mebibyte}\n`,
      'sys/fs/cgroup/kubepods.slice/pod1/cpu.max': '150000 100000\n',
      'sys/fs/cgroup/kubepods.slice/pod1/backend/memory.max': `${400 * mebibyte}\n`,
      'sys/fs/cgroup/kubepods.slice/pod1/backend/memory.current': `${90 * mebibyte}\n`,
      'sys/fs/cgroup/kubepods.slice/pod1/backend/memory.events': 'oom_kill 5\n',
      'sys/fs/cgroup/kubepods.slice/pod1/backend/cpu.max': 'max 100000\n',
    });
    expect(readContainerLimits(root)).toEqual({
      memory: {
        limitBytes: 300 * mebibyte,
        usageBytes: 100 * mebibyte,
        workingSetBytes: 100 * mebibyte,
        oomKills: undefined,
      },
      cpuCores: 1.5,
    });
  });

  it('knows no limit where version 2 says max, and shows the use of the own group', () => {
    given({
      'proc/self/mountinfo': version2,
      'proc/self/cgroup': '0::/user.slice/shell\n',
      'sys/fs/cgroup/user.slice/shell/memory.max': 'max\n',
      'sys/fs/cgroup/user.slice/shell/memory.current': '4096\n',
      'sys/fs/cgroup/user.slice/shell/cpu.max': 'max 100000\n',
    });
    expect(readContainerLimits(root)).toEqual({
      memory: { limitBytes: undefined, usageBytes: 4096, workingSetBytes: 4096, oomKills: undefined },
      cpuCores: undefined,
    });
  });

  it('reads the mounted group where the own one lies outside the namespace', () => {
    given({
      'proc/self/mountinfo': version2,
      'proc/self/cgroup': '0::/../../system.slice/other\n',
      'sys/fs/cgroup/memory.max': '1048576\n',
      'sys/fs/cgroup/cpu.max': '200000 100000\n',
    });
    expect(readContainerLimits(root)).toEqual({
      memory: {
        limitBytes: mebibyte,
        usageBytes: undefined,
        workingSetBytes: undefined,
        oomKills: undefined,
      },
      cpuCores: 2,
    });
  });

  it('reads a container of version 1, whose mount shows the own group alone', () => {
    given({
      'proc/self/mountinfo': version1('/docker/4f1d', '/docker/4f1d'),
      'proc/self/cgroup': '5:memory:/docker/4f1d\n4:cpu,cpuacct:/docker/4f1d\n0::/docker/4f1d\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * mebibyte}\n`,
      'sys/fs/cgroup/memory/memory.soft_limit_in_bytes': `${64 * mebibyte}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${128 * mebibyte}\n`,
      'sys/fs/cgroup/memory/memory.stat': `cache 9\nhierarchical_memory_limit ${256 * mebibyte}\ntotal_inactive_file ${28 * mebibyte}\n`,
      'sys/fs/cgroup/memory/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '25000\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    });
    expect(readContainerLimits(root)).toEqual({
      memory: {
        limitBytes: 256 * mebibyte,
        usageBytes: 128 * mebibyte,
        workingSetBytes: 100 * mebibyte,
        oomKills: 3,
      },
      cpuCores: 0.25,
    });
  });

  it('takes a limit of version 1 that a group above the visible ones demands', () => {
    given({
      'proc/self/mountinfo': version1('/docker/4f1d', '/docker/4f1d'),
      'proc/self/cgroup': '5:memory:/docker/4f1d\n4:cpu,cpuacct:/docker/4f1d\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': unlimited,
      'sys/fs/cgroup/memory/memory.stat': `hierarchical_memory_limit ${700 * mebibyte}\n`,
    });
    expect(readContainerLimits(root).memory.limitBytes).toBe(700 * mebibyte);
  });

  it('knows no limit where version 1 shows its largest number and no quota', () => {
    given({
      'proc/self/mountinfo': version1('/', '/'),
      'proc/self/cgroup': '5:memory:/session\n4:cpu,cpuacct:/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': unlimited,
      'sys/fs/cgroup/memory/session/memory.limit_in_bytes': unlimited,
      'sys/fs/cgroup/memory/session/memory.usage_in_bytes': '8192\n',
      'sys/fs/cgroup/memory/session/memory.stat': 'hierarchical_memory_limit 9223372036854771712\n',
      'sys/fs/cgroup/memory/session/memory.oom_control': 'oom_kill 0\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    });
    expect(readContainerLimits(root)).toEqual({
      memory: { limitBytes: undefined, usageBytes: 8192, workingSetBytes: 8192, oomKills: 0 },
      cpuCores: undefined,
    });
  });

  it('reads mount points whose names hold a space', () => {
    given({
      'proc/self/mountinfo': String.raw`31 23 0:28 / /sys/my\040groups rw - cgroup2 cgroup rw`,
      'proc/self/cgroup': '0::/\n',
      'sys/my groups/memory.max': '4096\n',
    });
    expect(readContainerLimits(root).memory.limitBytes).toBe(4096);
  });
});

describe('readHeldMemory', () => {
  const held = { limitBytes: 256 * mebibyte, heldBytes: 90 * mebibyte };

  it('is what version 2 counts without any file cache', () => {
    given({
      'proc/self/mountinfo': version2,
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': `${256 * mebibyte}\n`,
      'sys/fs/cgroup/memory.current': `${200 * mebibyte}\n`,
      'sys/fs/cgroup/memory.stat': `inactive_file ${50 * mebibyte}\nactive_file ${60 * mebibyte}\n`,
    });
    expect(readHeldMemory(root)).toEqual(held);
  });

  it('is what version 1 counts without any file cache', () => {
    given({
      'proc/self/mountinfo': version1('/docker/4f1d', '/docker/4f1d'),
      'proc/self/cgroup': '5:memory:/docker/4f1d\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * mebibyte}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${200 * mebibyte}\n`,
      'sys/fs/cgroup/memory/memory.stat': `total_inactive_file ${50 * mebibyte}\ntotal_active_file ${60 * mebibyte}\n`,
    });
    expect(readHeldMemory(root)).toEqual(held);
  });

  it('is not known without a limit, or where the use is not shown', () => {
    const version2Files = { 'proc/self/mountinfo': version2, 'proc/self/cgroup': '0::/\n' };
    given({
      ...version2Files,
      'sys/fs/cgroup/memory.max': 'max\n',
      'sys/fs/cgroup/memory.current': '4096\n',
    });
    const unbounded = readHeldMemory(root);
    rmSync(join(root, 'sys'), { recursive: true });
    given({ ...version2Files, 'sys/fs/cgroup/memory.max': '4096\n' });
    expect([unbounded, readHeldMemory(root)]).toEqual([undefined, undefined]);
  });
});
