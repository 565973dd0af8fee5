import { describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { developmentSecretKey } from './development-key.js';
import { configCategories, loadConfig } from './load-config.js';

const datastores = {
  DATABASE_URL: 'postgres://trading@db/trading',
  REDIS_URL: 'redis://redis',
  INFLUXDB_URL: 'http://influxdb:8086',
};
const SECRET_KEY = 'q8Zt0vYp3Xs6Wm1Kd9Rb4Nc7Lf2Hg5Jj';

const development: Config = {
  datastores: {
    databaseUrl: datastores.DATABASE_URL,
    redisUrl: datastores.REDIS_URL,
    influxdb: {
      url: datastores.INFLUXDB_URL,
      api: 'auto',
      database: 'trading',
      org: undefined,
      token: undefined,
      username: undefined,
      password: undefined,
    },
    ca: undefined,
  },
  app: {
    env: 'development',
    name: 'trading-backend',
    debug: true,
    host: '127.0.0.1',
    port: 8000,
    managementHost: '127.0.0.1',
    managementPort: 8001,
    bodyLimit: 4 * 1024 ** 2,
    requestTimeoutMs: 8000,
    keepAliveTimeoutMs: 72_000,
  },
  security: {
    secretKey: developmentSecretKey,
    secretKeyPrevious: undefined,
    corsOrigins: [],
    rateLimit: 0,
    trustProxy: undefined,
    healthDetails: 'always',
  },
  performance: {
    workerProcesses: 1,
    workerStuckTimeoutMs: 30_000,
    pool: {
      size: 5,
      maxOverflow: 5,
      recycleMs: 300_000,
      prePing: true,
      prePingIdleMs: 1000,
      timeoutMs: 5000,
      statementTimeoutMs: 8000,
    },
    redisMaxConnections: 10,
    redisConnectionTimeoutMs: 5000,
    memoryHeadroomPercent: 25,
    capacityCheck: 'warn',
  },
  health: { intervalMs: 5000, timeoutMs: 2000, retries: 3, critical: ['postgres', 'redis'] },
  lifetime: {
    initWait: 'database',
    initStatusFile: '.dev-data/db-init/status.json',
    initSeedFile: 'apps/db-init/seed/instruments.json',
    startupTimeoutMs: 60_000,
    shutdownDrainDelayMs: 0,
    shutdownTimeoutMs: 10_000,
  },
  logging: { level: 'debug', format: 'pretty', dir: undefined, file: undefined },
  ingest: { maxBacklog: 1_000_000, batchSize: 5000, flushIntervalMs: 200, durability: 'aof' },
};

const production: Config = {
  ...development,
  app: {
    ...development.app,
    env: 'production',
    debug: false,
    host: '0.0.0.0',
    managementHost: '0.0.0.0',
    requestTimeoutMs: 15_000,
  },
  security: { ...development.security, secretKey: SECRET_KEY, rateLimit: 600, healthDetails: 'authorized' },
  performance: {
    ...development.performance,
    workerProcesses: 'auto',
    pool: { ...development.performance.pool, size: 10, maxOverflow: 20, statementTimeoutMs: 15_000 },
    redisMaxConnections: 50,
    capacityCheck: 'enforce',
  },
  health: { ...development.health, intervalMs: 10_000 },
  lifetime: {
    ...development.lifetime,
    initWait: 'file',
    initStatusFile: '/var/lib/db-init/status.json',
    initSeedFile: undefined,
    shutdownDrainDelayMs: 5000,
    shutdownTimeoutMs: 25_000,
  },
  logging: {
    level: 'info',
    format: 'json',
    dir: '/var/log/trading',
    file: '/var/log/trading/backend.log',
  },
};

describe('loadConfig', () => {
  const directory = '/nonexistent';

  it.each([
    ['development', datastores, development],
    [
      'test',
      { ...datastores, NODE_ENV: 'test' },
      { ...development, app: { ...development.app, env: 'test' } },
    ],
    ['production', { ...datastores, SECRET_KEY, NODE_ENV: 'production' }, production],
  ])('gives the defaults of %s', async (_, env, config) => {
    expect(await loadConfig(configCategories, { env, directory })).toEqual({ config, warnings: [] });
  });

  it('loads only the categories that are asked for, and looks at no variable of the others', async () => {
    const env = { DATABASE_URL: 'mysql://x', SECRET_KEY: 'short', PORT: 'none', LOG_LEVEL: 'Critical' };
    expect(await loadConfig(['logging', 'health'], { env, directory })).toEqual({
      config: { logging: { ...development.logging, level: 'fatal' }, health: development.health },
      warnings: [],
    });
  });

  it('looks at NODE_ENV whichever categories are loaded', async () => {
    const loading = loadConfig(['health'], { env: { NODE_ENV: 'staging' }, directory });
    await expect(loading).rejects.toMatchObject({ mistakes: [{ variable: 'NODE_ENV' }] });
  });

  it('gives an object that cannot be changed at any depth', async () => {
    const { config } = await loadConfig(configCategories, { env: datastores, directory });
    const parts = [
      config,
      config.datastores,
      config.datastores.influxdb,
      config.performance.pool,
      config.health.critical,
    ];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
  });
});
