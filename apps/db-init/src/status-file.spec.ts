import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { writeStatusFile } from './status-file.js';

const running = { state: 'running', startedAt: '2026-01-01T00:00:00.000Z', migrations: [] } as const;
const completed = {
  state: 'completed',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:01.000Z',
  migrations: ['A1'],
} as const;

describe('writeStatusFile', () => {
  it('makes the folder and leaves nothing but the status in it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a', 'b', 'status.json');
    await writeStatusFile(path, running);
    await writeStatusFile(path, completed);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(completed);
    expect(await readdir(join(folder.path, 'a', 'b'))).toEqual(['status.json']);
  });

  it('never shows a reader half a status', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'status.json');
    const long = {
      ...completed,
      migrations: Array.from({ length: 5_000 }, (_, index) => `Migration${index}`),
    };
    const seen = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      await writeStatusFile(path, running);
      const reads = Array.from({ length: 5 }, () => readFile(path, 'utf8'));
      const [, ...texts] = await Promise.all([writeStatusFile(path, long), ...reads]);
      for (const text of texts) seen.add(text);
    }
    const whole = new Set([running, long].map((status) => `${JSON.stringify(status)}\n`));
    expect([...seen].filter((text) => !whole.has(text))).toEqual([]);
  });

  it('leaves the former status and no temporary file where it fails', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'status.json');
    await writeFile(join(folder.path, 'keep'), '');
    await writeStatusFile(join(path, 'is-a-folder'), running);
    await expect(writeStatusFile(path, completed)).rejects.toThrow('EISDIR');
    expect((await readdir(folder.path)).toSorted()).toEqual(['keep', 'status.json']);
  });
});
