import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.js';

/** A server's binary that was run once, so that it is known to work. */
export interface Executable {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
}

/** The places of a program on PATH, first one first. */
export async function onPath(name: string): Promise<string[]> {
  const places = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const files = places.map((place) => join(place, name));
  const runnable = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, index) => runnable[index]);
}

/** Asks a binary for its version; undefined if it does not run, or if the version does not fit. */
export async function tryExecutable(
  path: string,
  versionArgs: readonly string[],
  versionPattern: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<Executable | undefined> {
  try {
    const output = await runCommand(path, versionArgs, { env, signal: AbortSignal.timeout(10_000) });
    const version = versionPattern.exec(output)?.[1];
    return version === undefined ? undefined : { path, env, version };
  } catch {
    return undefined;
  }
}
