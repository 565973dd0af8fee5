import { existsSync } from 'node:fs';
import { cp, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ownApt, unpack } from './apt.ts';
import { cached } from './cached.ts';
import { debianCodename } from './machine.ts';

/** podman of the machine's own release, with what it starts; what is installed already is not fetched. */
const packages = [
  'podman',
  'aardvark-dns',
  'catatonit',
  'conmon',
  'golang-github-containers-common',
  'golang-github-containers-image',
  'iproute2',
  'iptables',
  'netavark',
  'runc',
];

/** Folders that are links into /usr on this machine, while older packages still unpack into them. */
const mergedFolders = ['bin', 'sbin', 'lib'];

/** Fetches podman, once per cache, into a folder whose `usr` and `etc` are to be laid over the machine's. */
export async function podmanPrograms(): Promise<string> {
  return cached('podman', [packages, await debianCodename(), process.arch], async (folder) => {
    const work = join(folder, '.apt');
    const apt = await ownApt(work);
    await unpack(await apt.download(packages), folder);
    await rm(work, { recursive: true });
    await mergeUsr(folder);
    await linkIptables(join(folder, 'usr/sbin'));
  });
}

async function mergeUsr(folder: string): Promise<void> {
  for (const name of mergedFolders.filter((one) => existsSync(join(folder, one)))) {
    await cp(join(folder, name), join(folder, 'usr', name), { recursive: true, verbatimSymlinks: true });
    await rm(join(folder, name), { recursive: true });
  }
}

/** The names that installing the package would have made, by Debian's alternatives. */
async function linkIptables(sbin: string): Promise<void> {
  const names = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
  const there = new Set(existsSync(sbin) ? await readdir(sbin) : []);
  if (!there.has('xtables-nft-multi')) return;
  for (const name of names.filter((one) => !there.has(one))) {
    await symlink('xtables-nft-multi', join(sbin, name));
  }
}
