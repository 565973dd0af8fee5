import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './folders.ts';

/**
 * A folder of the cache, made unless it is there. Its name tells what went into it, so that a change makes another;
 * it appears only when it is complete, and two processes may make it at once.
 */
export async function cached(
  name: string,
  ingredients: unknown,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify(ingredients)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder, `${name}-${key}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  await removeHalfMade();
  const work = await mkdtemp(join(cacheFolder, `.${String(process.pid)}-`));
  try {
    await make(work);
    await rename(work, folder);
  } catch (error) {
    // Another process was quicker.
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** Removes what processes that are gone have left unfinished. */
async function removeHalfMade(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const pid = /^\.(\d+)-/.exec(name)?.[1];
    if (pid === undefined || (await exists(`/proc/${pid}`))) continue;
    await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
