import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord, writeRecord, type LockRecord } from './lock-record.js';

const pollMs = 100;

/** A lock that is a file; it is stale as soon as its processes are gone, however that came. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Takes the lock, or returns the record of who has it.
 * @param keeper A process until whose end the lock lasts, besides this one.
 */
export async function tryLock(path: string, keeper = process.pid): Promise<FileLock | LockRecord> {
  await mkdir(dirname(path), { recursive: true });
  const own = `${path}.${randomUUID()}`;
  // The file appears with its content in one step, so that nobody can read a lock without a record.
  await writeFile(own, await writeRecord(keeper));
  try {
    for (;;) {
      if (await linked(own, path)) return heldLock(path);
      const text = await textOf(path);
      const record = text === undefined ? undefined : await readRecord(text);
      if (record !== undefined) return record;
      if (text !== undefined) await removeStale(path, text);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Runs the action while holding the lock; waits as long as another living process has it. */
export async function withLock<T>(
  path: string,
  action: () => Promise<T>,
  onWait: (pid: number) => void = () => undefined,
): Promise<T> {
  let lock = await tryLock(path);
  if ('owner' in lock) onWait(lock.owner.pid);
  while ('owner' in lock) {
    await sleep(pollMs);
    lock = await tryLock(path);
  }
  try {
    return await action();
  } finally {
    await lock.release();
  }
}

function heldLock(path: string): FileLock {
  let held = true;
  return {
    async release() {
      // A second time it may be somebody else's by now.
      if (held) await rm(path, { force: true });
      held = false;
    },
  };
}

async function linked(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function removeStale(path: string, text: string): Promise<void> {
  // Another one may have removed it and taken the lock in the meantime: look at what was moved aside.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if ((await textOf(aside)) !== text) await linked(aside, path);
  await rm(aside, { force: true });
}
