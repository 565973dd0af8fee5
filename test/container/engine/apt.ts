import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { debianCodename } from './machine.ts';

/** The release whose engine and servers are used, whatever release this machine has. */
export const release = 'trixie';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A configuration of apt with lists and downloads of its own; it never touches the system's. */
export interface Apt {
  /** Its `sources.list`; undefined for the machine's own sources. */
  readonly sources: string | undefined;
  /** Downloads those packages and the dependencies that the status file lacks; returns the folder of archives. */
  download(names: readonly string[], options?: { readonly status?: string }): Promise<string>;
}

/** The machine's own release, its own sources. */
export async function ownApt(folder: string): Promise<Apt> {
  return apt(folder, undefined);
}

/** The newer release from the mirrors that the machine uses for its own. Throws if it names no Debian mirror. */
export async function releaseApt(folder: string): Promise<Apt> {
  const lines = await releaseSources(folder);
  const sources = join(folder, 'sources.list');
  await writeFile(sources, `${lines.join('\n')}\n`);
  return apt(folder, sources);
}

async function apt(folder: string, sources: string | undefined): Promise<Apt> {
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  const settings = {
    'Dir::State::lists': lists,
    'Dir::Cache': folder,
    'Debug::NoLocking': 'true',
    // Else root's apt-get downloads as _apt, which may not be able to enter the folder.
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    ...(sources === undefined
      ? {}
      : { 'Dir::Etc::sourcelist': sources, 'Dir::Etc::sourceparts': '/dev/null' }),
    ...(sources === undefined ? {} : { 'Dir::Etc::preferencesparts': '/dev/null' }),
  };
  await run('apt-get', ['-q', ...options(settings), 'update']);
  return {
    sources,
    async download(names, { status } = {}) {
      const archives = join(folder, `archives-${names[0] ?? ''}`);
      await mkdir(join(archives, 'partial'), { recursive: true });
      const own = {
        'Dir::Cache::archives': archives,
        ...(status === undefined ? {} : { 'Dir::State::status': status }),
      };
      const install = ['--yes', '--no-install-recommends', '--download-only', 'install', ...names];
      await run('apt-get', ['-q', ...options({ ...settings, ...own }), ...install]);
      return archives;
    },
  };
}

function options(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** The lines of a `sources.list` for the release, from what apt would fetch for the machine's own. */
async function releaseSources(folder: string): Promise<string[]> {
  const own = await debianCodename();
  const none = join(folder, 'no-lists');
  await mkdir(join(none, 'partial'), { recursive: true });
  const uris = await run('apt-get', ['update', '--print-uris', '-o', `Dir::State::lists=${none}`]);
  const signedBy = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  const pattern = /^'(?<mirror>[^']+)\/dists\/(?<suite>[^']+?)\/main\/binary-/gm;
  const lines = [...uris.matchAll(pattern)]
    .map(({ groups }) => ({ mirror: groups?.['mirror'] ?? '', suite: groups?.['suite'] ?? '' }))
    .filter(({ suite }) => suite === own || suite.startsWith(`${own}-`))
    .map(({ mirror, suite }) => `deb ${signedBy}${mirror} ${suite.replace(own, release)} main`);
  if (lines.length === 0) throw new Error(`apt has no source of Debian ${own} with the component main`);
  return [...new Set(lines)];
}

/** Unpacks archives into a folder, without what the function leaves out. */
export async function unpack(
  archives: string,
  into: string,
  wanted: (file: string) => boolean = () => true,
): Promise<void> {
  await mkdir(into, { recursive: true });
  const files = (await readdir(archives)).filter((file) => file.endsWith('.deb') && wanted(file));
  for (const file of files) await run('dpkg-deb', ['-x', join(archives, file), into]);
}
