import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';

/** The user that the programs of the image run as. */
const appuser = 10_001;

/**
 * Makes the folder that the containers write their logs to, and lets their user write. Returns what to do where that is not
 * possible: the programs warn and go on without log files then.
 */
export function prepareLogFolder(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true });
    const { uid, mode } = statSync(path);
    if (uid === appuser || (mode & 0o002) !== 0) return undefined;
    if (process.getuid?.() === 0) chownSync(path, appuser, appuser);
    // As /tmp: everybody writes, and nobody removes what is another's.
    else chmodSync(path, 0o1777);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The containers may not be able to write their log files (${why}). Run: sudo chown ${appuser} ${path}`;
  }
}
