import { copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@app/testing';
import { run } from './engine/command.ts';
import { root } from './engine/folders.ts';

/** A copy of the checkout as it is now, without what git ignores: as a user has it after a clone. */
export async function copyOfCheckout(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const name of listed.split('\0').filter((name) => name !== '')) {
    await copy(join(root, name), join(folder.path, name));
  }
  return folder;
}

async function copy(from: string, to: string): Promise<void> {
  const entry = await lstat(from).catch(() => undefined);
  // What git still lists may have been removed.
  if (entry === undefined) return;
  await mkdir(dirname(to), { recursive: true });
  if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
  else await copyFile(from, to);
}
