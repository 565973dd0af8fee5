import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { prepareLogFolder } from './log-folder.ts';

const isRoot = process.getuid?.() === 0;

/** Whether the user of the containers may write: it owns the folder, or everybody may. */
async function isWritable(path: string): Promise<boolean> {
  const { uid, mode } = await stat(path);
  return uid === 10_001 ? (mode & 0o200) !== 0 : (mode & 0o1777) === 0o1777;
}

describe('prepareLogFolder', () => {
  it('makes one that the containers can write to', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'logs');
    expect(prepareLogFolder(path)).toBeUndefined();
    expect(await isWritable(path)).toBe(true);
    expect((await stat(path)).uid).toBe(isRoot ? 10_001 : process.getuid?.());
  });

  it('opens one that is there', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'logs');
    await mkdir(path, 0o755);
    expect(prepareLogFolder(path)).toBeUndefined();
    expect(await isWritable(path)).toBe(true);
  });

  it('leaves one alone that everybody can write to', async () => {
    await using folder = await temporaryFolder();
    await chmod(folder.path, 0o777);
    const before = await stat(folder.path);
    expect(prepareLogFolder(folder.path)).toBeUndefined();
    const { uid, mode } = await stat(folder.path);
    expect({ uid, mode }).toEqual({ uid: before.uid, mode: before.mode });
  });

  it('says what to do where it cannot be made', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    expect(prepareLogFolder(join(file, 'logs'))).toMatch(/ENOTDIR.*sudo chown 10001 .*logs/);
  });
});
