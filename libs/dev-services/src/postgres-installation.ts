import { constants } from 'node:fs';
import { access, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { embeddedPostgres } from './embedded-postgres.js';
import { ServerNotInstalledError } from './errors.js';
import { onPath, tryExecutable, type Executable } from './executable.js';
import { installCommands } from './install-commands.js';
import { osRelease } from './os-release.js';
import type { ServerUser } from './server-user.js';

const systemFolder = '/usr/lib/postgresql';

/** PostgreSQL's programs, in one folder. */
export interface PostgresInstallation {
  readonly bin: string;
  readonly version: string;
  /** The part of the version that says which data it can read. */
  readonly major: string;
}

/**
 * From PATH, else the newest one in /usr/lib/postgresql, else the one of the embedded-postgres package; but
 * one that can read the kept data goes first. Throws a ServerNotInstalledError.
 */
export async function findPostgres(
  user: ServerUser | undefined,
  keptMajor: string | undefined,
): Promise<PostgresInstallation> {
  const folders = [...(await foldersOnPath()), ...(await systemFolders())];
  const tried = await Promise.all(folders.map((bin) => tryInstallation(bin)));
  const installed = tried.filter((installation) => installation !== undefined);
  const canRead = ({ major }: PostgresInstallation) => keptMajor === undefined || major === keptMajor;
  const fitting = installed.find(canRead);
  if (fitting !== undefined) return fitting;
  const bin = await embeddedPostgres(user);
  const embedded = bin === undefined ? undefined : await tryInstallation(bin);
  if (embedded !== undefined && (canRead(embedded) || installed.length === 0)) return embedded;
  if (installed[0] !== undefined) return installed[0];
  const why = `it is neither on PATH nor in ${systemFolder}, and the package embedded-postgres has none for this system`;
  const commands = installCommands('postgresql', await osRelease());
  throw new ServerNotInstalledError([{ title: 'PostgreSQL', why, commands }]);
}

async function foldersOnPath(): Promise<string[]> {
  const programs = await onPath('postgres');
  return Promise.all(programs.map(async (program) => dirname(await realpath(program))));
}

async function systemFolders(): Promise<string[]> {
  const majors = await readdir(systemFolder).catch(() => []);
  return majors.toSorted((a, b) => Number(b) - Number(a)).map((major) => join(systemFolder, major, 'bin'));
}

async function tryInstallation(bin: string): Promise<PostgresInstallation | undefined> {
  const found: Executable | undefined = await tryExecutable(
    join(bin, 'postgres'),
    ['--version'],
    /PostgreSQL\) (\S+)/,
  );
  const initdb = await access(join(bin, 'initdb'), constants.X_OK).then(
    () => true,
    () => false,
  );
  if (found === undefined || !initdb) return undefined;
  return { bin, version: found.version, major: /^\d+/.exec(found.version)?.[0] ?? found.version };
}
