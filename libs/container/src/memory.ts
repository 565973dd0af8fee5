import { join } from 'node:path';
import { findCgroupFolders } from './cgroup-folders.js';
import { numberAfter, parseNumber, readOptional } from './read-optional.js';

/** The container's memory in bytes. What the kernel does not show is undefined. */
export interface ContainerMemory {
  /** The smallest limit that is in force; undefined where there is none. */
  readonly limitBytes: number | undefined;
  /** All that counts against the limit, with the file cache. */
  readonly usageBytes: number | undefined;
  /** The usage without the file cache that the kernel gives up first: what Kubernetes calls the working set. */
  readonly workingSetBytes: number | undefined;
  /** How many processes of the container the kernel has killed for want of memory. */
  readonly oomKills: number | undefined;
}

interface MemoryFiles {
  readonly limit: string;
  readonly usage: string;
  readonly oom: string;
  readonly inactiveFile: string;
}

const filesByVersion: Readonly<Record<1 | 2, MemoryFiles>> = {
  1: {
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    oom: 'memory.oom_control',
    inactiveFile: 'total_inactive_file',
  },
  2: { limit: 'memory.max', usage: 'memory.current', oom: 'memory.events', inactiveFile: 'inactive_file' },
};

// Version 1 has no word for "no limit": it shows the largest number of pages, which differs by page size.
const unlimitedFrom = 2 ** 60;

function limitOf(folder: string, version: 1 | 2): number | undefined {
  const own = parseNumber(readOptional(join(folder, filesByVersion[version].limit)));
  // Version 1 tells here what groups demand that are not visible in the container.
  const inherited =
    version === 1
      ? numberAfter('hierarchical_memory_limit', readOptional(join(folder, 'memory.stat')))
      : undefined;
  const least = Math.min(own ?? Infinity, inherited ?? Infinity);
  return least < unlimitedFrom ? least : undefined;
}

/** Reads the memory of the process's control groups: limit and use of the group whose limit is reached first. */
export function readMemory(root: string): ContainerMemory {
  const found = findCgroupFolders(root, 'memory');
  if (found === undefined) {
    return { limitBytes: undefined, usageBytes: undefined, workingSetBytes: undefined, oomKills: undefined };
  }
  const groups = found.folders.map((folder) => ({ folder, limit: limitOf(folder, found.version) }));
  const strictest = groups.reduce((least, outer) =>
    (outer.limit ?? Infinity) < (least.limit ?? Infinity) ? outer : least,
  );
  const files = filesByVersion[found.version];
  const usage = parseNumber(readOptional(join(strictest.folder, files.usage)));
  const cache = numberAfter(files.inactiveFile, readOptional(join(strictest.folder, 'memory.stat'))) ?? 0;
  return {
    limitBytes: strictest.limit,
    usageBytes: usage,
    workingSetBytes: usage === undefined ? undefined : Math.max(0, usage - cache),
    oomKills: numberAfter('oom_kill', readOptional(join(strictest.folder, files.oom))),
  };
}
