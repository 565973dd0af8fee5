import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configCategories, loadConfig } from '../load-config.js';
import { developmentSecretKey } from '../development-key.js';
import { renderConfigurationReference } from './render-reference.js';

const directory = new URL('../../../../', import.meta.url).pathname;
const datastores = { DATABASE_URL: 'postgres://db/x', REDIS_URL: 'redis://r', INFLUXDB_URL: 'http://i' };

describe('renderConfigurationReference', () => {
  it('gives the committed docs/configuration.md', async () => {
    await expect(await renderConfigurationReference()).toMatchFileSnapshot(
      `${directory}docs/configuration.md`,
    );
  });
});

describe('the committed .env files', () => {
  it('hold the development key', () => {
    expect(readFileSync(`${directory}.env.development`, 'utf8')).toContain(
      `SECRET_KEY=${developmentSecretKey}\n`,
    );
  });

  it.each([
    ['.env.development', { ...datastores }],
    [
      '.env.production',
      { ...datastores, NODE_ENV: 'production', SECRET_KEY: 'q8Zt0vYp3Xs6Wm1Kd9Rb4Nc7Lf2Hg5Jj' },
    ],
  ])('change nothing that %s would have by default', async (envFile, env: Record<string, string>) => {
    const withFile = await loadConfig(configCategories, { env, directory, envFile });
    const without = await loadConfig(configCategories, { env, directory: '/nonexistent' });
    expect(withFile).toEqual(without);
  });

  it.each(['.env.development', '.env.production'])('set no URL of a datastore in %s', async (envFile) => {
    const NODE_ENV = envFile.slice('.env.'.length);
    await expect(loadConfig(['datastores'], { env: { NODE_ENV }, directory, envFile })).rejects.toMatchObject(
      {
        mistakes: [{ variable: 'DATABASE_URL' }, { variable: 'REDIS_URL' }, { variable: 'INFLUXDB_URL' }],
      },
    );
  });
});
