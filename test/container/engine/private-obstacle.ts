import { mkdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { runToEnd } from './command.ts';
import { cacheFolder } from './folders.ts';
import { findDebianCodename } from './machine.ts';

const neededBytes = 1.5e9;

/** Why no engine and no stand-in images can be made here, as half a sentence; undefined if they can. */
export async function privateObstacle(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'one can be brought up only as root on Linux';
  if ((await findDebianCodename()) === undefined) return 'one can be brought up only on Debian';
  for (const program of ['apt-get', 'dpkg-deb', 'unshare', 'setpriv', 'perl']) {
    const { code } = await runToEnd('sh', ['-c', `command -v ${program}`]);
    if (code !== 0) return `${program} is not installed, with which one is brought up`;
  }
  await mkdir(cacheFolder, { recursive: true });
  for (const folder of [cacheFolder, tmpdir()]) {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < neededBytes) return `${folder} has less than ${String(neededBytes / 1e9)} GB free`;
  }
  return undefined;
}
