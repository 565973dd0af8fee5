import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InitStatus } from '@app/bootstrap';

/**
 * Writes the status so that a reader finds the former one or the new one, never half of it, and that it survives a
 * crash of the machine. Makes the folder where it is missing.
 */
export async function writeStatusFile(path: string, status: InitStatus): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  // Two containers that share the folder may have the same process id.
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeThrough(temporary, `${JSON.stringify(status)}\n`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function writeThrough(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o644);
  await file.writeFile(text);
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
