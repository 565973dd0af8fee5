import { setTimeout as sleep } from 'node:timers/promises';
import { DataInUseError } from './errors.js';
import { tryLock, type FileLock } from './file-lock.js';
import { isAlive } from './process-identity.js';

const pollMs = 50;
/** Above what a guardian needs at most to end a backend and three servers by force. */
const endedWithinMs = 90_000;

/**
 * Takes the data folder for a guardian: it is free again only when that has stopped all servers. Waits for the
 * guardian of a run that was killed. Throws a DataInUseError if the other run still lives.
 */
export async function lockData(dataDir: string, guardianPid: number): Promise<FileLock> {
  const deadline = performance.now() + endedWithinMs;
  for (;;) {
    const lock = await tryLock(`${dataDir}.lock`, guardianPid);
    if (!('owner' in lock)) return lock;
    if (await isAlive(lock.owner)) throw new DataInUseError(dataDir, lock.owner.pid);
    if (performance.now() > deadline) throw new DataInUseError(dataDir, lock.keeper.pid);
    await sleep(pollMs);
  }
}
