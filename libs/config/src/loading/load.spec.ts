import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppConfig } from '../config.js';
import { ConfigurationError } from '../configuration-error.js';
import { loadConfig } from '../load-config.js';

/** The defaults of an environment, without any file. */
async function defaults(NODE_ENV: AppConfig['env'] = 'development'): Promise<AppConfig> {
  return (await loadConfig(['app'], { env: { NODE_ENV }, directory: '/nonexistent' })).config.app;
}

describe('loadConfig from files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'load-config-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (name: string, content: string): void => writeFileSync(join(directory, name), content);
  const mistakes = async (env: Record<string, string>, envFile?: string): Promise<unknown> => {
    const source = { env, directory, ...(envFile === undefined ? {} : { envFile }) };
    const error: unknown = await loadConfig(['app'], source).catch((reason: unknown) => reason);
    return error instanceof ConfigurationError ? error.mistakes : error;
  };

  it('takes a variable from the process environment, then the local file, then the committed one', async () => {
    write('.env.development', 'PORT=1\nAPP_NAME=committed\nHOST=localhost\nMANAGEMENT_PORT=7\n');
    write('.env.development.local', 'PORT=2\nAPP_NAME=local\nHOST=\n');
    write('.env.production', 'APP_NAME=production\n');
    const { config } = await loadConfig(['app'], { env: { PORT: '3', MANAGEMENT_PORT: '' }, directory });
    expect(config.app).toEqual({
      ...(await defaults()),
      port: 3,
      name: 'local',
      host: 'localhost',
      managementPort: 7,
    });
  });

  it('reads the files of the environment that NODE_ENV names', async () => {
    write('.env.development', 'APP_NAME=development\n');
    write('.env.test', 'APP_NAME=tests\n');
    const { config } = await loadConfig(['app'], { env: { NODE_ENV: 'test' }, directory });
    expect(config.app).toEqual({ ...(await defaults('test')), name: 'tests' });
  });

  it('reads the file that is named instead of the others, with its NODE_ENV', async () => {
    write('.env.production', 'APP_NAME=committed\n');
    write('staging.env', `NODE_ENV=production\nAPP_NAME=staging\n`);
    const { config } = await loadConfig(['app'], { env: {}, directory, envFile: 'staging.env' });
    expect(config.app).toEqual({ ...(await defaults('production')), name: 'staging' });
  });

  it('names a file that was asked for and does not exist', async () => {
    expect(await mistakes({}, 'missing.env')).toEqual([
      { variable: 'missing.env', problem: 'does not exist' },
    ]);
  });

  it('names what it cannot read in a file, and unknown names, without their values', async () => {
    mkdirSync(join(directory, '.env.development.local'));
    write('.env.development', 'PORT: 1\nDB_POOLSIZE=hunter2\nNODE_ENV=production\n');
    expect(await mistakes({})).toEqual([
      { variable: '.env.development.local', problem: 'is a folder' },
      {
        variable: '.env.development',
        problem: 'line 1 is not NAME=value; a value that holds quotes or # stands in quotes of another sort',
        example: 'APP_NAME="backend #1"',
      },
      {
        variable: 'NODE_ENV',
        problem:
          'differs from the environment development that this file was chosen by; set it in the process environment',
        example: 'NODE_ENV=development',
        source: '.env.development',
      },
      {
        variable: 'DB_POOLSIZE',
        problem: 'is not a variable of this program',
        suggestion: 'DB_POOL_SIZE',
        example: 'DB_POOL_SIZE=10',
        source: '.env.development',
      },
    ]);
  });

  describe('with NAME_FILE', () => {
    it('reads the file and drops one newline at its end', async () => {
      write('name', 'from a file \r\n');
      write('port', '8080\n');
      const env = { APP_NAME_FILE: join(directory, 'name'), PORT_FILE: 'port' };
      const { config } = await loadConfig(['app'], { env, directory });
      expect(config.app).toEqual({ ...(await defaults()), name: 'from a file ', port: 8080 });
    });

    it('prefers a file in the process environment to a value in an .env file, and the other way round', async () => {
      write('value', '1\n');
      write('.env.development', 'PORT=2\nMANAGEMENT_PORT_FILE=value\n');
      const env = { PORT_FILE: 'value', MANAGEMENT_PORT: '3' };
      const { config } = await loadConfig(['app'], { env, directory });
      expect(config.app).toEqual({ ...(await defaults()), port: 1, managementPort: 3 });
    });

    it('takes an empty file for unset', async () => {
      write('empty', '\n');
      const env = { SECRET_KEY_PREVIOUS_FILE: 'empty' };
      const { config } = await loadConfig(['security'], { env, directory });
      expect(config.security.secretKeyPrevious).toBeUndefined();
    });

    it('says where a required value should have been when its file is empty', async () => {
      write('empty', '');
      const env = {
        DATABASE_URL: 'postgres://db',
        INFLUXDB_URL: 'http://i',
        REDIS_URL: '',
        REDIS_URL_FILE: 'empty',
      };
      await expect(loadConfig(['datastores'], { env, directory })).rejects.toMatchObject({
        mistakes: [
          {
            variable: 'REDIS_URL',
            problem: 'is required, but its file is empty',
            example: 'REDIS_URL=redis://:PASSWORD@redis:6379/0',
            source: 'REDIS_URL_FILE in the process environment',
          },
        ],
      });
    });

    it('names a file that cannot be read, but not the path where a secret may stand', async () => {
      const env = { SECRET_KEY_FILE: '/hunter2', RATE_LIMIT_FILE: '/missing' };
      const loading = loadConfig(['security'], { env, directory });
      await expect(loading).rejects.toMatchObject({
        mistakes: [
          {
            variable: 'SECRET_KEY_FILE',
            problem: 'names a file that does not exist',
            example: 'SECRET_KEY_FILE=/run/secrets/secret_key',
            source: 'the process environment',
          },
          {
            variable: 'RATE_LIMIT_FILE',
            problem: 'names the file "/missing" that does not exist',
            example: 'RATE_LIMIT_FILE=/run/secrets/rate_limit',
            source: 'the process environment',
          },
        ],
      });
    });
  });
});
