import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { release, releaseApt } from './apt.ts';
import { cached } from './cached.ts';
import { run } from './command.ts';
import { aptAcquireSettings, npmSettings, trustedCertificates } from './machine.ts';
import type { Programs } from './programs.ts';

/** Of the same major version as the one that the image of Node has. */
const npm = 'npm@11.19.1';
const servers = [
  'postgresql-17',
  'postgresql-client-17',
  'redis-server',
  'influxdb',
  'influxdb-client',
  'haproxy',
];
/** Large and not needed to run those: the compiler of queries, the scripts around clusters. */
const unwanted =
  /^(?:libllvm|libz3|perl|lib[a-z-]*perl|postgresql-(?:client-)?common|ssl-cert|locales|libc-l10n|ucf|libc6_)/;
/** What the slim images of Debian leave out. */
const slimmedAway = ['doc', 'groff', 'info', 'linda', 'lintian/overrides', 'locale', 'man'].map(
  (name) => `/usr/share/${name}/*`,
);
/** Where the stand-in of Node has the certificates that this machine trusts. */
const bundle = '/usr/local/share/stand-in/certificates.pem';

/**
 * The folder with what the stand-in images are made of: a small Debian, the archives of the servers, npm, and how this
 * machine reaches its registries. Made once per cache; throws with what a program wrote.
 */
export async function standInParts(programs: Programs): Promise<string> {
  const acquire = await aptAcquireSettings();
  const npmrc = await npmSettings(bundle);
  const certificates = await trustedCertificates();
  const ingredients = [
    npm,
    servers,
    String(unwanted),
    slimmedAway,
    release,
    process.arch,
    acquire,
    npmrc,
    certificates,
  ];
  return cached('parts', ingredients, async (folder) => {
    const machine = join(folder, 'machine');
    await mkdir(machine);
    await writeFile(join(machine, 'npmrc'), npmrc);
    await writeFile(join(machine, 'certificates.pem'), certificates);
    const work = join(folder, 'work');
    await mkdir(work);
    await Promise.all([
      fetchNpm(folder, work),
      makeDebian(folder, work, acquire, programs),
      fetchServers(folder, work),
    ]);
    await rm(work, { recursive: true });
  });
}

/** A Debian as its slim image is: the packages that every one has, apt, and the mirrors of this machine. */
async function makeDebian(folder: string, work: string, acquire: string, programs: Programs): Promise<void> {
  const apt = await releaseApt(join(work, 'debian'));
  const settings = join(work, 'apt.conf');
  await writeFile(settings, `${acquire}\nAcquire::Languages "none";\n`);
  const options = [`--aptopt=${settings}`, '--dpkgopt=force-unsafe-io'];
  for (const path of slimmedAway) options.push(`--dpkgopt=path-exclude=${path}`);
  options.push('--dpkgopt=path-include=/usr/share/doc/*/copyright');
  const made = join(folder, 'debian.tar');
  // Its mounts are seen by no one else and end with it.
  await run(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'mmdebstrap',
      '--mode=root',
      '--variant=minbase',
    ].concat(['--include=libatomic1', ...options, release, made, apt.sources ?? '']),
    { env: { PATH: `${programs.bin}:${process.env['PATH'] ?? ''}` } },
  );
}

async function fetchServers(folder: string, work: string): Promise<void> {
  const apt = await releaseApt(join(work, 'servers'));
  const status = join(work, 'status');
  await writeFile(status, '');
  const archives = await apt.download(servers, { status });
  await mkdir(join(folder, 'servers'));
  for (const file of await readdir(archives)) {
    if (file.endsWith('.deb') && !unwanted.test(file))
      await rename(join(archives, file), join(folder, 'servers', file));
  }
}

async function fetchNpm(folder: string, work: string): Promise<void> {
  await run('npm', ['pack', npm, '--pack-destination', work], { cwd: work });
  const archive = (await readdir(work)).find((name) => /^npm-.*\.tgz$/.test(name)) ?? '';
  await run('tar', ['-xzf', join(work, archive), '-C', work]);
  await cp(join(work, 'package'), join(folder, 'npm'), { recursive: true });
}
