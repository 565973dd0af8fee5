import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCommand } from './run-command.js';

/** Whom a server runs as, where that is not the user of this process. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The owner of data that an ordinary user keeps, when this process is root: what it writes stays that user's.
 * Undefined where this process's own user will do.
 */
export async function ownerOf(keptData: string | undefined): Promise<ServerUser | undefined> {
  if (keptData === undefined || process.getuid?.() !== 0) return undefined;
  const owner = await stat(keptData).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

/** As `ownerOf`, but never root, as which PostgreSQL refuses to run: `postgres` instead, or `nobody`. */
export async function unprivilegedUser(keptData?: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await ownerOf(keptData)) ?? (await userNamed('postgres')) ?? (await userNamed('nobody'));
}

async function userNamed(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runCommand('id', [flag, name])));
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/** Whether that user may enter every folder on the way to the path; it need not exist yet. */
export async function canReach(path: string, user: ServerUser | undefined): Promise<boolean> {
  if (user === undefined) return true;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const entry = await stat(folder).catch(() => undefined);
    if (entry === undefined) continue;
    const bit = entry.uid === user.uid ? 0o100 : entry.gid === user.gid ? 0o010 : 0o001;
    if (entry.isDirectory() && (entry.mode & bit) === 0) return false;
  }
  return true;
}
