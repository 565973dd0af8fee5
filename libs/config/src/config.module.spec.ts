import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONFIG, ConfigModule } from './config.module.js';
import { loadConfig } from './load-config.js';

describe('ConfigModule', () => {
  afterEach(() => vi.unstubAllEnvs());

  const load = async () =>
    (await loadConfig(['app', 'performance'], { env: { PORT: '8123' }, directory: '/nonexistent' })).config;

  it('gives the loaded configuration as CONFIG, the same object', async () => {
    const config = await load();
    const testing = await Test.createTestingModule({ imports: [ConfigModule.forRoot(config)] }).compile();
    expect(testing.get(CONFIG, { strict: false })).toBe(config);
    await testing.close();
  });

  it('answers by path through ConfigService, and nothing from the process environment', async () => {
    vi.stubEnv('PORT', '9999');
    const testing = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(await load())],
    }).compile();
    const service = testing.get(ConfigService, { strict: false });
    expect([service.get('app.port'), service.get('performance.pool.size'), service.get('PORT')]).toEqual([
      8123,
      5,
      undefined,
    ]);
    await testing.close();
  });

  it('writes nothing into the process environment', async () => {
    const before = { ...process.env };
    const testing = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(await load())],
    }).compile();
    expect({ ...process.env }).toEqual(before);
    await testing.close();
  });
});
