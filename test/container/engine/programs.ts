import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Apt, ownApt, release, releaseApt, unpack } from './apt.ts';
import { cached } from './cached.ts';
import { debianCodename } from './machine.ts';

const enginePackages = ['docker.io', 'docker-cli', 'docker-buildx', 'docker-compose', 'containerd', 'tini'];
/** Bound to the machine's libraries, and so of its own release; what is installed already is not fetched. */
const ownPackages = ['runc', 'iptables', 'iproute2', 'slirp4netns', 'mmdebstrap'];

const iptables = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
/** The names on PATH, and what they lead to if it was unpacked. */
const links: Readonly<Record<string, string>> = {
  dockerd: 'release/usr/sbin/dockerd',
  'docker-proxy': 'release/usr/sbin/docker-proxy',
  docker: 'release/usr/bin/docker',
  containerd: 'release/usr/bin/containerd',
  'containerd-shim-runc-v2': 'release/usr/bin/containerd-shim-runc-v2',
  'docker-init': 'release/usr/bin/tini-static',
  runc: 'own/usr/sbin/runc',
  slirp4netns: 'own/usr/bin/slirp4netns',
  mmdebstrap: 'own/usr/bin/mmdebstrap',
  mmtarfilter: 'own/usr/bin/mmtarfilter',
  ip: 'own/bin/ip',
  ...Object.fromEntries(iptables.map((name) => [name, 'own/usr/sbin/xtables-nft-multi'])),
};
const plugins = 'release/usr/libexec/docker/cli-plugins';

/** Where the programs of a private engine lie. */
export interface Programs {
  /** A folder with all of them, to be the first of PATH. */
  readonly bin: string;
  /** The folder of Compose and buildx as plugins of the client. */
  readonly plugins: string;
  /** With which those of the machine's own release find their libraries. */
  readonly env: Readonly<Record<string, string>>;
}

/** Fetches and unpacks what a private engine needs, once per cache. Throws with what apt wrote. */
export async function enginePrograms(): Promise<Programs> {
  const own = await debianCodename();
  const ingredients = [enginePackages, ownPackages, links, own, release, process.arch];
  const folder = await cached('programs', ingredients, fetchPrograms);
  const libraries = join(folder, 'own/usr/lib');
  const entries = await readdir(libraries).catch(() => []);
  const place = join(libraries, entries.find((name) => name.includes('-linux-')) ?? '');
  const extensions = join(place, 'xtables');
  return {
    bin: join(folder, 'bin'),
    plugins: join(folder, plugins),
    env: {
      LD_LIBRARY_PATH: place,
      ...(existsSync(extensions) ? { XTABLES_LIBDIR: extensions } : {}),
    },
  };
}

async function fetchPrograms(folder: string): Promise<void> {
  const work = join(folder, 'apt');
  await Promise.all([
    fetchInto(join(folder, 'release'), releaseApt(join(work, 'release')), enginePackages),
    fetchInto(join(folder, 'own'), ownApt(join(work, 'own')), ownPackages),
  ]);
  await rm(work, { recursive: true });
  await mkdir(join(folder, 'bin'));
  for (const [name, target] of Object.entries(links)) {
    if (existsSync(join(folder, target))) await symlink(join('..', target), join(folder, 'bin', name));
  }
}

async function fetchInto(folder: string, from: Promise<Apt>, names: readonly string[]): Promise<void> {
  const apt = await from;
  const archives = await apt.download(names);
  // Those that were asked for, and for the machine's own release the libraries that it lacks.
  const wanted = (file: string) => apt.sources === undefined || names.includes(packageOf(file));
  await unpack(archives, folder, wanted);
}

/** The package that an archive holds, by its name. */
function packageOf(file: string): string {
  return basename(file).split('_')[0] ?? '';
}
