import { existsSync } from 'node:fs';
import { chmod, glob, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock } from './file-lock.js';
import { canReach, type ServerUser } from './server-user.js';

const substituteRoot = '/var/tmp';
const substituteName = 'trading-dev-data-';

/** The root of the clone, found from the source as well as from the build. */
export function cloneFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'nest-cli.json'))) {
    if (folder === dirname(folder))
      throw new Error(`${import.meta.dirname} lies in no clone of this project`);
    folder = dirname(folder);
  }
  return folder;
}

/** The ignored folder of this clone, with all that development services keep. */
export function devDataFolder(): string {
  return join(cloneFolder(), '.dev-data');
}

/**
 * The folder itself where that user can reach it, else a substitute in /var/tmp, made once: PostgreSQL does
 * not run as root, and a clone in /root can be entered by nobody else.
 */
export async function reachableFolder(folder: string, user: ServerUser | undefined): Promise<string> {
  if (await canReach(folder, user)) return folder;
  await mkdir(folder, { recursive: true });
  const pointer = join(folder, 'substitute');
  return withLock(`${pointer}.lock`, async () => {
    const known = await readFile(pointer, 'utf8').catch(() => undefined);
    if (known !== undefined && (await isOwn(known))) return known;
    await removeAbandoned();
    const substitute = await mkdtemp(join(substituteRoot, substituteName));
    await chmod(substitute, 0o711);
    await writeFile(pointer, substitute);
    await writeFile(join(substitute, 'pointer'), pointer);
    return substitute;
  });
}

async function isOwn(folder: string): Promise<boolean> {
  const entry = await lstat(folder).catch(() => undefined);
  return entry?.isDirectory() === true && entry.uid === process.getuid?.();
}

/** Removes the substitutes of clones that are gone. */
async function removeAbandoned(): Promise<void> {
  for await (const path of glob(join(substituteRoot, `${substituteName}*`, 'pointer'))) {
    const substitute = dirname(path);
    const pointer = await readFile(path, 'utf8');
    const pointsHere = (await readFile(pointer, 'utf8').catch(() => '')) === substitute;
    if (!pointsHere) await rm(substitute, { recursive: true, force: true });
  }
}

/** Where temporary folders are made: the usual place if every user can reach it. */
export async function temporaryRoot(): Promise<string> {
  const nobody: ServerUser = { uid: -1, gid: -1 };
  const user = process.getuid?.() === 0 ? nobody : undefined;
  return (await canReach(tmpdir(), user)) ? tmpdir() : substituteRoot;
}
