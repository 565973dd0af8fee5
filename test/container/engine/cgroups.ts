import { glob, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = '/sys/fs/cgroup';
const tries = 100;
const pollMs = 20;

/**
 * Removes the folders of that name (one in every hierarchy of version 1, or in the only one of version 2) with all
 * that are below. Throws if one still has a process after 2 s.
 */
export async function removeCgroups(name: string): Promise<void> {
  for await (const path of glob([join(root, name), join(root, '*', name)])) await removeCgroup(path);
}

async function removeCgroup(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeCgroup(join(path, entry.name));
  for (let attempt = 1; !(await removed(path, attempt === tries)); attempt += 1) await sleep(pollMs);
}

/** It stays busy for a moment after its last process has gone. */
async function removed(path: string, last: boolean): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    if (last) throw error;
    return false;
  }
}
