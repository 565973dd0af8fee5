import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { developmentSecretKey } from '@app/config';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { type Environment, runApp } from '../../support/programs.js';

const sound: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app:pw@127.0.0.1:1/trading',
  REDIS_URL: 'redis://127.0.0.1:1',
  INFLUXDB_URL: 'http://127.0.0.1:1',
  SECRET_KEY: 'q8Zr2Lw5Tn0Xb7Vk4Hs9Jd1Fg6Mc3Py_ab',
  LOG_DIR: 'off',
  LOG_FILE: 'off',
};

/** Each environment, and the variables that must be named as mistakes. */
const broken: readonly (readonly [string, Environment, readonly string[]])[] = [
  [
    'no DATABASE_URL and no REDIS_URL',
    { DATABASE_URL: undefined, REDIS_URL: undefined },
    ['DATABASE_URL', 'REDIS_URL'],
  ],
  ['a short SECRET_KEY', { SECRET_KEY: 'q8Zr2Lw5Tn0X' }, ['SECRET_KEY']],
  ['a repetitive SECRET_KEY', { SECRET_KEY: 'abcdefgh'.repeat(5) }, ['SECRET_KEY']],
  ['the development SECRET_KEY', { SECRET_KEY: developmentSecretKey }, ['SECRET_KEY']],
  ['DEBUG in production', { DEBUG: 'true' }, ['DEBUG']],
  ['a port and a level out of range', { PORT: '70000', LOG_LEVEL: 'loud' }, ['PORT', 'LOG_LEVEL']],
  ['a misspelt name', { DB_POOLSIZE: '5' }, ['DB_POOLSIZE']],
  ['a URL of another database', { DATABASE_URL: 'mysql://app:pw@db/trading' }, ['DATABASE_URL']],
  ['an unknown critical datastore', { HEALTH_CRITICAL: 'postgres,mongo' }, ['HEALTH_CRITICAL']],
  ['a secret given twice', { SECRET_KEY_FILE: '/run/secrets/key' }, ['SECRET_KEY']],
  [
    'a drain delay above the timeout',
    { SHUTDOWN_DRAIN_DELAY: '30s', SHUTDOWN_TIMEOUT: '10s' },
    ['SHUTDOWN_DRAIN_DELAY'],
  ],
  [
    'three malformed durations',
    { HEALTH_CHECK_INTERVAL: 'soon', STARTUP_TIMEOUT: '5 parsecs', DB_POOL_TIMEOUT: '-3s' },
    ['HEALTH_CHECK_INTERVAL', 'STARTUP_TIMEOUT', 'DB_POOL_TIMEOUT'],
  ],
];

const mistakes = (text: string): string[] =>
  [...text.matchAll(/^mistake {2}(\w+):/gm)].map(([, name = '']) => name).toSorted();

describe('a broken environment', () => {
  it.each(broken)('%s ends the service with 78 and names every mistake', async (_name, changes, names) => {
    const { code, stderr } = await runApp('backend', { ...sound, ...changes });
    expect({ code, mistakes: mistakes(stderr) }).toEqual({ code: 78, mistakes: names.toSorted() });
  });

  it.each(broken)('%s is found by validate-config as well', async (_name, changes, names) => {
    const { code, stdout, stderr } = await runApp('cli', { ...sound, ...changes }, ['validate-config']);
    expect({ code, mistakes: mistakes(stdout + stderr) }).toEqual({ code: 78, mistakes: names.toSorted() });
  });

  it('never shows the value of a secret', async () => {
    const canary = 'canary-canary-canary';
    const { stdout, stderr } = await runApp(
      'cli',
      { ...sound, SECRET_KEY: canary, REDIS_URL: `mysql://:${canary}@x` },
      ['validate-config'],
    );
    expect(stdout + stderr).not.toContain(canary);
  });
});

describe('a sound environment', () => {
  it('passes validate-config', async () => {
    expect((await runApp('cli', sound, ['validate-config'])).code).toBe(0);
  });

  it('may give a secret as a file', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'key');
    await writeFile(file, `${sound['SECRET_KEY'] ?? ''}\n`);
    const { code } = await runApp('cli', { ...sound, SECRET_KEY: undefined, SECRET_KEY_FILE: file }, [
      'validate-config',
    ]);
    expect(code).toBe(0);
  });
});
