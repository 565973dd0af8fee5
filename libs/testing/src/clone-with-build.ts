import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cloneFolder } from '@app/dev-services';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.js';

export interface CloneOptions {
  /** Whether it has the servers' binaries that this clone has fetched; true if it is not given. */
  readonly binaries?: boolean;
}

/** A folder that stands for another clone of the project: it has this one's build and packages, and its own data. */
export async function cloneWithBuild(options: CloneOptions = {}): Promise<TemporaryFolder> {
  const { binaries = true } = options;
  const root = cloneFolder();
  const folder = await temporaryFolder();
  for (const name of ['nest-cli.json', 'package.json', '.env.development', 'apps/db-init/seed', 'dist']) {
    await cp(join(root, name), join(folder.path, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  await mkdir(join(folder.path, '.dev-data'));
  if (binaries) {
    const fetched = join(root, '.dev-data/bin');
    await mkdir(fetched, { recursive: true });
    await symlink(fetched, join(folder.path, '.dev-data/bin'));
  }
  return folder;
}
