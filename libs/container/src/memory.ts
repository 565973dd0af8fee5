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
  readonly activeFile: string;
}

const filesByVersion: Readonly<Record<1 | 2, MemoryFiles>> = {
  1: {
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    oom: 'memory.oom_control',
    inactiveFile: 'total_inactive_file',
    activeFile: 'total_active_file',
  },
  2: {
    limit: 'memory.max',
    usage: 'memory.current',
    oom: 'memory.events',
    inactiveFile: 'inactive_file',
    activeFile: 'active_file',
  },
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

interface Group {
  readonly folder: string;
  readonly limit: number | undefined;
  readonly files: MemoryFiles;
}

/** The group whose limit is reached first; undefined where there are no groups. */
function strictestGroup(root: string): Group | undefined {
  const found = findCgroupFolders(root, 'memory');
  if (found === undefined) return undefined;
  const files = filesByVersion[found.version];
  const groups = found.folders.map((folder) => ({ folder, files, limit: limitOf(folder, found.version) }));
  return groups.reduce((least, outer) =>
    (outer.limit ?? Infinity) < (least.limit ?? Infinity) ? outer : least,
  );
}

/** Reads the memory of the process's control groups: limit and use of the group whose limit is reached first. */
export function readMemory(root: string): ContainerMemory {
  const group = strictestGroup(root);
  if (group === undefined) {
    return { limitBytes: undefined, usageBytes: undefined, workingSetBytes: undefined, oomKills: undefined };
  }
  const { folder, files, limit } = group;
  const usage = parseNumber(readOptional(join(folder, files.usage)));
  const cache = numberAfter(files.inactiveFile, readOptional(join(folder, 'memory.stat'))) ?? 0;
  return {
    limitBytes: limit,
    usageBytes: usage,
    workingSetBytes: usage === undefined ? undefined : Math.max(0, usage - cache),
    oomKills: numberAfter('oom_kill', readOptional(join(folder, files.oom))),
  };
}

/** What the kernel kills for, in bytes. */
export interface HeldMemory {
  readonly limitBytes: number;
  /** All that counts against the limit, without file cache, which the kernel gives up before it kills. */
  readonly heldBytes: number;
}

/**
 * Reads how much of the limit is held at this moment; undefined where there is no limit.
 * @param root The folder that `proc` and the mount points lie in; another one is for tests.
 */
export function readHeldMemory(root = '/'): HeldMemory | undefined {
  const group = strictestGroup(root);
  if (group?.limit === undefined) return undefined;
  const { folder, files, limit } = group;
  const usage = parseNumber(readOptional(join(folder, files.usage)));
  if (usage === undefined) return undefined;
  const stat = readOptional(join(folder, 'memory.stat'));
  const cache = (numberAfter(files.inactiveFile, stat) ?? 0) + (numberAfter(files.activeFile, stat) ?? 0);
  return { limitBytes: limit, heldBytes: Math.max(0, usage - cache) };
}
