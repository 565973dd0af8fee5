import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, developmentSecretKey } from '@app/config';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { listenAddresses, missingDatastores } from './start-environment.js';

const base = { SECRET_KEY: developmentSecretKey };

describe('missingDatastores', () => {
  it('has all when no source sets a URL', async () => {
    await using folder = await temporaryFolder();
    expect(await missingDatastores({ env: base, directory: folder.path })).toEqual([
      'postgres',
      'redis',
      'influxdb',
    ]);
  });

  it('leaves out what the process environment, an .env file or a secret sets', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, '.env.development.local'), 'INFLUXDB_URL=http://127.0.0.1:8086\n');
    await writeFile(join(folder.path, 'secret'), 'postgres://a:b@127.0.0.1/trading\n');
    const given = { env: { ...base, DATABASE_URL_FILE: 'secret' }, directory: folder.path };
    expect(await missingDatastores(given)).toEqual(['redis']);
    const all = { ...given.env, REDIS_URL: 'redis://127.0.0.1' };
    expect(await missingDatastores({ ...given, env: all })).toEqual([]);
  });

  it('takes an empty variable for one that is not set', async () => {
    await using folder = await temporaryFolder();
    const env = {
      ...base,
      DATABASE_URL: '',
      REDIS_URL: 'redis://127.0.0.1',
      INFLUXDB_URL: 'http://127.0.0.1',
    };
    expect(await missingDatastores({ env, directory: folder.path })).toEqual(['postgres']);
  });

  it('throws with what else is wrong, a wrong URL and an empty secret included', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'secret'), '');
    const env = { ...base, LOG_LEVEL: 'loud', REDIS_URL: 'http://127.0.0.1', DATABASE_URL_FILE: 'secret' };
    const error: unknown = await missingDatastores({ env, directory: folder.path }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    const { mistakes } = error as ConfigurationError;
    expect(mistakes.map(({ variable }) => variable).toSorted()).toEqual([
      'DATABASE_URL',
      'LOG_LEVEL',
      'REDIS_URL',
    ]);
  });
});

describe('listenAddresses', () => {
  it('makes port 0 a definite one', async () => {
    await using folder = await temporaryFolder();
    const source = { env: { PORT: '0', MANAGEMENT_PORT: '9001' }, directory: folder.path };
    const { port, ...others } = await listenAddresses(source);
    expect(port).toBeGreaterThan(1024);
    expect(others).toEqual({ host: '127.0.0.1', managementHost: '127.0.0.1', managementPort: 9001 });
  });
});
