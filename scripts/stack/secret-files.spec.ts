import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { checkSecrets, makeDevelopmentKey, makeMissingSecrets } from './secret-files.ts';

const names = [
  'secret_key',
  'postgres_password',
  'database_url',
  'redis_password',
  'redis_url',
  'influxdb_password',
];

const secret = async (folder: string, name: string) => (await readFile(join(folder, name), 'utf8')).trim();
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('makeMissingSecrets', () => {
  it('makes all of them, random and fitting each other', async () => {
    await using temporary = await temporaryFolder();
    const folder = join(temporary.path, 'secrets');
    expect(makeMissingSecrets(folder)).toEqual(names);
    const [key = '', postgres = '', database, redis = '', url, influx = ''] = await Promise.all(
      names.map((name) => secret(folder, name)),
    );
    expect(database).toBe(`postgres://trading:${postgres}@postgres:5432/trading`);
    expect(url).toBe(`redis://:${redis}@redis:6379/0`);
    expect(new Set([key, postgres, redis, influx]).size).toBe(4);
    for (const made of [key, postgres, redis, influx]) expect(made).toMatch(/^[\w-]{48}$/);
    expect(() => checkSecrets(folder)).not.toThrow();
  });

  it('keeps other users out by the folder, and lets any container read a file', async () => {
    await using temporary = await temporaryFolder();
    const folder = join(temporary.path, 'secrets');
    makeMissingSecrets(folder);
    expect(await modeOf(folder)).toBe('700');
    expect(await modeOf(join(folder, 'secret_key'))).toBe('644');
  });

  it('never overwrites, and takes a password from the URL that is there, and the other way round', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'database_url'), 'postgres://trading:p%40ss@postgres:5432/trading\n');
    await writeFile(join(folder.path, 'redis_password'), 'a/b');
    expect(makeMissingSecrets(folder.path)).toEqual([
      'secret_key',
      'postgres_password',
      'redis_url',
      'influxdb_password',
    ]);
    expect(await secret(folder.path, 'postgres_password')).toBe('p@ss');
    expect(await secret(folder.path, 'redis_url')).toBe('redis://:a%2Fb@redis:6379/0');
    expect(await readFile(join(folder.path, 'redis_password'), 'utf8')).toBe('a/b');
    expect(makeMissingSecrets(folder.path)).toEqual([]);
  });
});

describe('checkSecrets', () => {
  it('names every secret that is missing, and how to make it', async () => {
    await using folder = await temporaryFolder();
    const message = new RegExp(
      `${names.join(' is missing [^]*')} is missing [^]*stack:prod -- --init-secrets`,
    );
    expect(() => checkSecrets(folder.path)).toThrow(message);
    expect(() => checkSecrets(folder.path)).toThrow(expect.objectContaining({ exitCode: 78 }));
  });

  it.each([
    ['is empty', (path: string) => writeFile(path, '\n')],
    ['cannot be read by the users of the containers', (path: string) => chmod(path, 0o600)],
    [
      'is no file',
      async (path: string) => {
        await rm(path);
        await mkdir(path);
      },
    ],
  ])('tells of one that %s', async (problem, spoil) => {
    await using folder = await temporaryFolder();
    makeMissingSecrets(folder.path);
    await spoil(join(folder.path, 'redis_url'));
    expect(() => checkSecrets(folder.path)).toThrow(new RegExp(`  redis_url ${problem}`));
    expect(() => checkSecrets(folder.path)).not.toThrow(/ redis_password /);
  });
});

describe('makeDevelopmentKey', () => {
  it('makes it once, apart from the secrets of production', async () => {
    await using folder = await temporaryFolder();
    expect(makeDevelopmentKey(folder.path)).toBe(true);
    const key = await secret(folder.path, 'development/secret_key');
    expect(key).toMatch(/^[\w-]{48}$/);
    expect(makeDevelopmentKey(folder.path)).toBe(false);
    expect(await secret(folder.path, 'development/secret_key')).toBe(key);
    expect(await modeOf(join(folder.path, 'development'))).toBe('700');
  });
});
