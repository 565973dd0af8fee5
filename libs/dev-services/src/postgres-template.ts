import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeHalfMade, halfMade } from './half-made.js';
import { devDataFolder, reachableFolder } from './dev-data.js';
import { withLock } from './file-lock.js';
import type { PostgresInstallation } from './postgres-installation.js';
import { runCommand } from './run-command.js';
import type { ServerUser } from './server-user.js';

export const databaseName = 'trading';

/**
 * A folder with `data`, which is a new cluster with the empty database, and `password`, made once per clone:
 * copying it takes a tenth of what initdb takes.
 */
export async function postgresTemplate(
  installation: PostgresInstallation,
  user: ServerUser | undefined,
): Promise<string> {
  const parent = join(await reachableFolder(devDataFolder(), user), 'templates');
  const template = join(parent, `postgres-${installation.version}-${user?.uid ?? process.getuid?.() ?? 0}`);
  if (existsSync(template)) return template;
  await mkdir(parent, { recursive: true });
  await withLock(`${template}.lock`, async () => {
    if (existsSync(template)) return;
    await removeHalfMade(template);
    await makeTemplate(installation, user, template);
  });
  return template;
}

async function makeTemplate(
  { bin }: PostgresInstallation,
  user: ServerUser | undefined,
  template: string,
): Promise<void> {
  const work = await mkdtemp(halfMade(template));
  try {
    const data = join(work, 'data');
    const password = join(work, 'password');
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await mkdir(data, { mode: 0o700 });
    if (user !== undefined) {
      for (const path of [work, data, password]) await chown(path, user.uid, user.gid);
    }
    const settings = [
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--wal-segsize=1',
      '--no-sync',
    ];
    await runCommand(
      join(bin, 'initdb'),
      [`--pgdata=${data}`, '--username=postgres', `--pwfile=${password}`, ...settings],
      { user },
    );
    await runCommand(join(bin, 'postgres'), ['--single', '-D', data, '-c', 'fsync=off', 'postgres'], {
      user,
      stdin: `CREATE DATABASE ${databaseName}\n`,
    });
    await chmod(work, 0o700);
    await rename(work, template);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
