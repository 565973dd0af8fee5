import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from './file-lock.js';
import { halfMade, removeHalfMade } from './half-made.js';
import { runCommand } from './run-command.js';

const timeoutMs = 300_000;
/** Long enough for the packages of one start, short enough that the mirror still has what they list. */
const listsFreshMs = 600_000;

/**
 * Downloads a Debian package with those of its dependencies that this system lacks and unpacks them into a
 * folder, which appears only when it is complete. It needs no root and installs nothing: the lists and the
 * downloads lie beside that folder. Throws with what apt-get wrote.
 */
export async function unpackDebianPackage(name: string, folder: string, signal?: AbortSignal): Promise<void> {
  await removeHalfMade(folder);
  const work = await mkdtemp(halfMade(folder));
  try {
    const [archives, root] = [join(work, 'archives'), join(work, 'root')];
    await mkdir(join(archives, 'partial'), { recursive: true });
    await mkdir(root);
    await download(name, archives, join(dirname(folder), '.apt'), signal);
    const packages = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
    if (packages.length === 0) throw new Error(`apt-get downloaded nothing for ${name}`);
    for (const file of packages) await runCommand('dpkg-deb', ['-x', join(archives, file), root]);
    await rm(folder, { recursive: true, force: true });
    await rename(root, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param state The folder with the package lists, which all downloads share. */
async function download(
  name: string,
  archives: string,
  state: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
  const limit = AbortSignal.any(limits);
  const lists = join(state, 'lists');
  const updated = join(state, 'updated');
  const apt = (...args: string[]) =>
    runCommand('apt-get', [...options({ state, lists, archives }), ...args], { signal: limit });
  await withLock(`${state}.lock`, async () => {
    await mkdir(join(lists, 'partial'), { recursive: true });
    if (!(await isFresh(updated))) {
      await apt('update');
      await writeFile(updated, '');
    }
    await apt('--yes', '--no-install-recommends', '--download-only', 'install', name);
  });
}

async function isFresh(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  return entry !== undefined && Date.now() - entry.mtimeMs < listsFreshMs;
}

function options({ state, lists, archives }: Readonly<Record<'state' | 'lists' | 'archives', string>>) {
  const settings = {
    'Dir::State::lists': lists,
    'Dir::Cache': state,
    'Dir::Cache::archives': archives,
    'Debug::NoLocking': 'true',
    // Else root's apt-get downloads as _apt, which may not be able to enter the folder.
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::GzipIndexes': 'true',
    'Acquire::Retries': '2',
  };
  return ['-q', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
}

/** The environment with which an unpacked binary finds the libraries that were unpacked beside it. */
export async function libraryPath(folder: string): Promise<Record<string, string>> {
  const roots = ['lib', 'usr/lib'].map((place) => join(folder, place));
  const found = await Promise.all(roots.map((root) => foldersWithLibraries(root)));
  const paths = found.flat();
  return paths.length === 0 ? {} : { LD_LIBRARY_PATH: paths.join(':') };
}

async function foldersWithLibraries(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return [...new Set(entries.filter(({ name }) => /\.so(\.|$)/.test(name)).map((entry) => entry.parentPath))];
}
