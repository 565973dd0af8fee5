import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { readSeedFile } from './seed-file.js';

describe('readSeedFile', () => {
  it('accepts the bundled seed of development', async () => {
    const bundled = join(import.meta.dirname, '../seed/instruments.json');
    await expect(readSeedFile(bundled)).resolves.toBeTypeOf('function');
  });

  it.each([
    ['a file that is not there', undefined, /cannot be read: ENOENT.* Correct INIT_SEED_FILE/],
    ['half a file', '[{"symbol":', /cannot be read: .*JSON/],
    ['instruments with mistakes', '[{"symbol":"x"}]', /The seed cannot be used: .*symbol.*;.*tickSize/],
  ])('says what is wrong with %s', async (_, content, message) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'seed.json');
    if (content !== undefined) await writeFile(path, content);
    await expect(readSeedFile(path)).rejects.toThrow(message);
  });
});
