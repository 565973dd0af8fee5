import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How the path of something begins that is still being made beside its final place, to which it is renamed. */
export function halfMade(path: string): string {
  return join(dirname(path), `.${basename(path)}-`);
}

/** Removes what broken off attempts have left; whoever calls it holds the lock of the final place. */
export async function removeHalfMade(path: string): Promise<void> {
  const prefix = basename(halfMade(path));
  const left = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  for (const name of left) await rm(join(dirname(path), name), { recursive: true, force: true });
}
