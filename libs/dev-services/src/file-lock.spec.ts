import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess, temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { tryLock, withLock, type FileLock } from './file-lock.js';
import type { LockRecord } from './lock-record.js';
import { markOf } from './process-identity.js';

function taken(lock: FileLock | LockRecord): FileLock {
  if ('owner' in lock) throw new Error(`Process ${lock.owner.pid} has the lock`);
  return lock;
}

describe('tryLock', () => {
  it('tells who has the lock, until that releases it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    const lock = taken(await tryLock(path));
    expect(await tryLock(path)).toMatchObject({ owner: { pid: process.pid }, keeper: { pid: process.pid } });
    await lock.release();
    await taken(await tryLock(path)).release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('does not release a lock that has become another one', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    const first = taken(await tryLock(path));
    await first.release();
    const second = taken(await tryLock(path));
    await first.release();
    expect(await tryLock(path)).toHaveProperty('owner');
    await second.release();
  });

  const gone = { pid: process.pid, started: 'before the last boot' };

  it('respects a keeper that outlives its owner', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    const record = { owner: gone, keeper: await markOf(process.pid) };
    await writeFile(path, JSON.stringify(record));
    expect(await tryLock(path)).toEqual(record);
  });

  it.each([
    ['of processes whose pids others have by now', JSON.stringify({ owner: gone, keeper: gone })],
    ['that is empty', ''],
    ['with another content', '{"owner":1,"keeper":null}'],
  ])('takes over a lock %s', async (_name, content) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    await writeFile(path, content);
    await taken(await tryLock(path)).release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('takes over from processes that were killed', async () => {
    await using folder = await temporaryFolder();
    await using holder = await runProcess('sleep', ['60']);
    const path = join(folder.path, 'lock');
    const mark = await markOf(holder.pid);
    await writeFile(path, JSON.stringify({ owner: mark, keeper: mark }));
    expect(await tryLock(path)).toHaveProperty('owner');
    holder.kill('SIGKILL');
    await holder.exited;
    await taken(await tryLock(path)).release();
  });
});

describe('withLock', () => {
  it('lets one in after the other', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'lock');
    let inside = 0;
    let most = 0;
    const visit = () =>
      withLock(path, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await readdir(folder.path);
        inside -= 1;
      });
    await Promise.all([visit(), visit(), visit()]);
    expect(most).toBe(1);
  });
});
