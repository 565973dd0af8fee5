import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatastoreError } from '@app/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InitFailedError } from './bootstrap.errors.js';
import { initDatabaseProbe, initStatusProbe, type InitVerdict, waitForInit } from './init-wait.js';

const never = new AbortController().signal;

describe('initStatusProbe', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'init-status-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const probe = async (content: string | undefined): Promise<InitVerdict> => {
    const path = join(folder, 'status.json');
    if (content !== undefined) await writeFile(path, content);
    return initStatusProbe(path, ['A1', 'B2'])(never);
  };

  it.each([
    ['no file', undefined, ['the init status file (not there)']],
    ['half a file', '{"state":', ['the init status file (not there)']],
    ['a running job', '{"state":"running","migrations":[]}', ['db-init (running)']],
    ['an older release', '{"state":"completed","migrations":["A1"]}', ['the migration B2']],
    ['this release', '{"state":"completed","migrations":["A1","B2"]}', []],
    ['a newer release', '{"state":"completed","migrations":["A1","B2","C3"]}', []],
  ])('judges %s', async (_name, content, verdict) => {
    await expect(probe(content)).resolves.toEqual(verdict);
  });

  it('ends the wait when the job has failed', async () => {
    await expect(probe('{"state":"failed","migrations":[],"error":"no disk"}')).rejects.toEqual(
      new InitFailedError('no disk'),
    );
  });
});

describe('initDatabaseProbe', () => {
  it('names the migrations that are missing', async () => {
    await expect(initDatabaseProbe(() => Promise.resolve(['A1']), ['A1', 'B2'])(never)).resolves.toEqual([
      'the migration B2',
    ]);
  });

  it('waits for a database that is not there', async () => {
    const away = (): Promise<never> => Promise.reject(new DatastoreError('postgres', 'refused'));
    await expect(initDatabaseProbe(away, ['A1'])(never)).resolves.toEqual(['postgres (refused)']);
  });
});

describe('waitForInit', () => {
  it('asks until nothing is missing and says what it waits for', async () => {
    const verdicts = [['db-init (running)'], ['the migration B2'], []];
    const waited: InitVerdict[] = [];
    await waitForInit(
      () => Promise.resolve(verdicts.shift() ?? []),
      never,
      (what) => waited.push(what),
    );
    expect(waited).toEqual([['db-init (running)'], ['the migration B2']]);
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const waiting = waitForInit(
      () => Promise.resolve(['db-init']),
      controller.signal,
      () => controller.abort(new Error('told to end')),
    );
    await expect(waiting).rejects.toThrow('told to end');
  });
});
