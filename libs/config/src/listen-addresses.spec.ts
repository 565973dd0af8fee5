import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readListenAddresses } from './listen-addresses.js';
import { loadConfig } from './load-config.js';

describe('readListenAddresses', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'listen-addresses-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    {},
    { NODE_ENV: 'production' },
    { NODE_ENV: 'test', PORT: '0', MANAGEMENT_PORT: '65535', HOST: '::1', MANAGEMENT_HOST: 'localhost' },
    { PORT_FILE: 'port' },
  ])('agrees with loadConfig in %j', async (env: Record<string, string>) => {
    writeFileSync(join(directory, 'port'), '8080\n');
    writeFileSync(join(directory, '.env.production'), 'HOST=10.0.0.1\nPORT=1\n');
    const { app } = (await loadConfig(['app'], { env, directory })).config;
    expect(readListenAddresses({ env, directory })).toEqual({
      host: app.host,
      port: app.port,
      managementHost: app.managementHost,
      managementPort: app.managementPort,
    });
  });

  it('looks at no other variable', () => {
    const env = { PORT: '9000', LOG_LEVEL: 'loud', SECRET_KEY: 'short' };
    expect(readListenAddresses({ env, directory })).toEqual({
      host: '127.0.0.1',
      port: 9000,
      managementHost: '127.0.0.1',
      managementPort: 8001,
    });
  });

  it.each([
    [{ PORT: '70000' }, 'PORT'],
    [{ MANAGEMENT_PORT: 'tcp://10.0.0.1:8001' }, 'MANAGEMENT_PORT'],
    [{ HOST_FILE: 'missing' }, 'HOST_FILE'],
  ])('names the mistake in %j', (env: Record<string, string>, variable) => {
    expect(() => readListenAddresses({ env, directory })).toThrow(
      expect.objectContaining({ mistakes: [expect.objectContaining({ variable })] }),
    );
  });
});
