import { join, relative } from 'node:path';
import { readOptional } from './read-optional.js';

/** The folders of the process's control groups for one controller. */
export interface CgroupFolders {
  readonly version: 1 | 2;
  /** From the process's own group to the outermost that is visible here; a limit of each of them holds. */
  readonly folders: readonly string[];
}

export type Controller = 'memory' | 'cpu';

interface Mount {
  readonly version: 1 | 2;
  /** The group that is mounted, as a path in the hierarchy. */
  readonly root: string;
  readonly mountPoint: string;
}

const unescapeOctal = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

// The format is that of proc_pid_mountinfo(5): "36 35 98:0 /root /mount-point options [tags] - type source super-options".
function parseMounts(mountinfo: string, controller: Controller): readonly Mount[] {
  return mountinfo.split('\n').flatMap((line): readonly Mount[] => {
    const [before = '', after = ''] = line.split(' - ');
    const [root = '', mountPoint = ''] = before.split(' ').slice(3, 5).map(unescapeOctal);
    const [type, , superOptions = ''] = after.split(' ');
    if (type === 'cgroup2') return [{ version: 2, root, mountPoint }];
    const isController = type === 'cgroup' && superOptions.split(',').includes(controller);
    return isController ? [{ version: 1, root, mountPoint }] : [];
  });
}

// The format is that of cgroups(7): "4:memory:/path" for version 1, "0::/path" for version 2.
function parseGroup(cgroup: string, version: 1 | 2, controller: Controller): string | undefined {
  const rows = cgroup.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  const row = rows.find((match) => {
    const controllers = match?.[1]?.split(',') ?? [];
    return version === 2 ? match?.[1] === '' : controllers.includes(controller);
  });
  return row?.[2];
}

/** The parts of the path from the mounted group down to the process's group; none where that lies outside. */
function partsBelow(mountedGroup: string, group: string): readonly string[] {
  const parts = relative(mountedGroup, group).split('/');
  return parts.includes('..') ? [] : parts.filter((part) => part !== '');
}

/**
 * Finds the process's control groups for a controller, in either version of the hierarchy. Returns undefined
 * where there are none, as outside Linux.
 */
export function findCgroupFolders(root: string, controller: Controller): CgroupFolders | undefined {
  const mounts = parseMounts(readOptional(join(root, 'proc/self/mountinfo')) ?? '', controller);
  // Where both versions are mounted, a controller that version 1 has is not in version 2.
  const mount = mounts.find(({ version }) => version === 1) ?? mounts[0];
  if (mount === undefined) return undefined;
  const cgroup = readOptional(join(root, 'proc/self/cgroup')) ?? '';
  const parts = partsBelow(mount.root, parseGroup(cgroup, mount.version, controller) ?? mount.root);
  const outermost = join(root, mount.mountPoint);
  const inner = parts.map((_, index) => join(outermost, ...parts.slice(0, parts.length - index)));
  return { version: mount.version, folders: [...inner, outermost] };
}
