import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { canReach } from './server-user.js';

const stranger = { uid: 54_321, gid: 54_321 };

describe('canReach', () => {
  it('is false where a folder on the way lets no other user through', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'open/not-yet-there');
    await mkdir(join(folder.path, 'open'), { mode: 0o755 });
    await chmod(folder.path, 0o700);
    expect(await canReach(path, stranger)).toBe(false);
    await chmod(folder.path, 0o711);
    expect(await canReach(path, stranger)).toBe(true);
  });

  it('is true for the user of this process', async () => {
    await using folder = await temporaryFolder();
    expect(await canReach(folder.path, undefined)).toBe(true);
  });
});
