import { join } from 'node:path';
import { libraryPath, unpackDebianPackage } from './debian-package.js';
import { devDataFolder } from './dev-data.js';
import { ServerNotInstalledError } from './errors.js';
import { onPath, tryExecutable, type Executable } from './executable.js';
import { withLock } from './file-lock.js';
import { installCommands, isDebian } from './install-commands.js';
import { osRelease } from './os-release.js';
import type { Surroundings } from './server-definition.js';

/** A server whose binary comes with a package of the system. */
export interface PackagedServer {
  readonly title: string;
  readonly binary: string;
  readonly debianPackage: string;
  /** Where in the package the binary is; `usr/bin` if it is not given. */
  readonly binaryFolder?: string;
  readonly versionArgs: readonly string[];
  /** Its first group is the version; what does not match is a version that does not fit. */
  readonly versionPattern: RegExp;
}

/**
 * The binary from PATH, else, on Debian and Ubuntu, from its package, which is fetched once per clone and
 * unpacked into the ignored folder. Throws a ServerNotInstalledError with the commands for this system.
 */
export async function findPackagedServer(
  server: PackagedServer,
  surroundings: Surroundings,
): Promise<Executable> {
  for (const path of await onPath(server.binary)) {
    const found = await tryExecutable(path, server.versionArgs, server.versionPattern);
    if (found !== undefined) return found;
  }
  const folder = join(devDataFolder(), 'bin', server.debianPackage);
  return (await unpacked(server, folder)) ?? (await fetched(server, folder, surroundings));
}

async function unpacked(server: PackagedServer, folder: string): Promise<Executable | undefined> {
  const path = join(folder, server.binaryFolder ?? 'usr/bin', server.binary);
  return tryExecutable(path, server.versionArgs, server.versionPattern, await libraryPath(folder));
}

async function fetched(
  server: PackagedServer,
  folder: string,
  surroundings: Surroundings,
): Promise<Executable> {
  const { title, debianPackage } = server;
  const { say, signal } = surroundings;
  const release = await osRelease();
  const commands = installCommands(debianPackage, release);
  const notInstalled = (why: string, cause?: unknown) =>
    new ServerNotInstalledError([{ title, why, commands }], cause);
  if (!isDebian(release)) throw notInstalled('it is not on PATH');
  const fetch = async () => {
    const made = await unpacked(server, folder);
    if (made !== undefined) return made;
    say(
      `${title} is not installed: fetching the Debian package ${debianPackage} into ${folder} ` +
        '(once; nothing is installed on the system)',
    );
    try {
      await unpackDebianPackage(debianPackage, folder, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message.split('\n').at(-1) : String(error);
      throw notInstalled(`it is not on PATH, and its package could not be fetched (${reason})`, error);
    }
    const executable = await unpacked(server, folder);
    if (executable !== undefined) return executable;
    throw notInstalled(`what was fetched into ${folder} does not run`);
  };
  return withLock(`${folder}.lock`, fetch, (pid) =>
    say(`${title}: waiting for process ${pid}, which fetches the Debian package ${debianPackage}`),
  );
}
