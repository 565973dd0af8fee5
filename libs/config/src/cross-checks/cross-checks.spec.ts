import { describe, expect, it } from 'vitest';
import { ConfigurationError, type Finding } from '../configuration-error.js';
import { developmentSecretKey } from '../development-key.js';
import { configCategories, loadConfig } from '../load-config.js';

const sound = {
  DATABASE_URL: 'postgres://db/trading',
  REDIS_URL: 'redis://redis',
  INFLUXDB_URL: 'http://influxdb:8086',
};
const SECRET_KEY = 'q8Zt0vYp3Xs6Wm1Kd9Rb4Nc7Lf2Hg5Jj';
const production = { NODE_ENV: 'production', SECRET_KEY };

type Findings = Pick<ConfigurationError, 'mistakes' | 'warnings'>;

async function findingsOf(env: Readonly<Record<string, string>>): Promise<Findings> {
  try {
    const { warnings } = await loadConfig(configCategories, {
      env: { ...sound, ...env },
      directory: '/nonexistent',
    });
    return { mistakes: [], warnings };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { mistakes: error.mistakes, warnings: error.warnings };
  }
}
const one = (variable: string, problem: string, example: string): readonly Finding[] => [
  { variable, problem, example },
];

const knownKey = 'is the key of .env.development, which anyone can read';
const openKey = `${knownKey}, while HOST lets other machines in`;
const newKey = (name: string): string => `${name}=$(openssl rand -base64 48)`;

describe('crossChecks', () => {
  it.each([
    [{ HOST: '0.0.0.0' }, one('SECRET_KEY', openKey, newKey('SECRET_KEY'))],
    [{ HOST: 'backend' }, one('SECRET_KEY', openKey, newKey('SECRET_KEY'))],
    [
      { HOST: '::', SECRET_KEY, SECRET_KEY_PREVIOUS: developmentSecretKey },
      one('SECRET_KEY_PREVIOUS', openKey, newKey('SECRET_KEY_PREVIOUS')),
    ],
    [
      { ...production, HOST: '127.0.0.1', SECRET_KEY_PREVIOUS: developmentSecretKey },
      one('SECRET_KEY_PREVIOUS', knownKey, newKey('SECRET_KEY_PREVIOUS')),
    ],
    [
      { PORT: '8001' },
      one(
        'MANAGEMENT_PORT',
        'is 8001, the same as PORT; the two servers need a port each',
        'MANAGEMENT_PORT=8002',
      ),
    ],
    [
      { HEALTH_CRITICAL: 'redis' },
      one(
        'INIT_WAIT',
        'is database, which needs postgres in HEALTH_CRITICAL',
        'HEALTH_CRITICAL=postgres,redis',
      ),
    ],
    [
      { SHUTDOWN_DRAIN_DELAY: '10s' },
      one(
        'SHUTDOWN_DRAIN_DELAY',
        'is 10s, but must be shorter than SHUTDOWN_TIMEOUT (10s), which includes it',
        'SHUTDOWN_DRAIN_DELAY=2s',
      ),
    ],
    [
      { INFLUXDB_USERNAME: 'u' },
      one(
        'INFLUXDB_USERNAME',
        'and INFLUXDB_PASSWORD must both be set, or neither of them',
        'INFLUXDB_PASSWORD=PASSWORD',
      ),
    ],
    [
      { INFLUXDB_PASSWORD: 'p' },
      one(
        'INFLUXDB_USERNAME',
        'and INFLUXDB_PASSWORD must both be set, or neither of them',
        'INFLUXDB_USERNAME=trading',
      ),
    ],
    [
      { INGEST_MAX_BACKLOG: '100' },
      one(
        'INGEST_BATCH_SIZE',
        'is 5000, larger than INGEST_MAX_BACKLOG (100), so that no batch would fill',
        'INGEST_BATCH_SIZE=100',
      ),
    ],
  ])('find a mistake in %j', async (env: Record<string, string>, mistakes) => {
    expect(await findingsOf(env)).toEqual({ mistakes, warnings: [] });
  });

  it.each([
    [
      { SHUTDOWN_TIMEOUT: '9s', SHUTDOWN_DRAIN_DELAY: '2s' },
      one(
        'SHUTDOWN_TIMEOUT',
        'leaves 7s after SHUTDOWN_DRAIN_DELAY, less than REQUEST_TIMEOUT (8s): slow requests would be cut off',
        'SHUTDOWN_TIMEOUT=10s',
      ),
    ],
    [
      { SECRET_KEY, SECRET_KEY_PREVIOUS: SECRET_KEY },
      one(
        'SECRET_KEY_PREVIOUS',
        'is the same as SECRET_KEY, so that tokens of the former key are refused',
        newKey('SECRET_KEY'),
      ),
    ],
    [
      { HEALTH_CHECK_INTERVAL: '1s' },
      one(
        'HEALTH_CHECK_TIMEOUT',
        'is longer than HEALTH_CHECK_INTERVAL, so that slow checks delay the next ones',
        'HEALTH_CHECK_TIMEOUT=1s',
      ),
    ],
    [
      { REQUEST_TIMEOUT: '5s' },
      one(
        'DB_STATEMENT_TIMEOUT',
        'is longer than REQUEST_TIMEOUT, so that statements go on for requests that have ended',
        'DB_STATEMENT_TIMEOUT=5s',
      ),
    ],
    [
      { INFLUXDB_API: 'v1', INFLUXDB_TOKEN: 't' },
      one('INFLUXDB_TOKEN', 'has no effect with INFLUXDB_API=v1', 'INFLUXDB_API=v2'),
    ],
    [
      { INFLUXDB_API: 'v2', INFLUXDB_USERNAME: 'u', INFLUXDB_PASSWORD: 'p' },
      one('INFLUXDB_USERNAME', 'has no effect with INFLUXDB_API=v2', 'INFLUXDB_API=v1'),
    ],
    [
      { INFLUXDB_API: 'v2', INFLUXDB_TOKEN: 't' },
      one('INFLUXDB_ORG', 'is not set, but InfluxDB 2 wants it beside a token', 'INFLUXDB_ORG=trading'),
    ],
  ])('warn of %j', async (env: Record<string, string>, warnings) => {
    expect(await findingsOf(env)).toEqual({ mistakes: [], warnings });
  });

  it.each<Record<string, string>>([
    { HOST: '127.8.8.8' },
    { HOST: 'LocalHost' },
    { HOST: '::1' },
    { PORT: '0', MANAGEMENT_PORT: '0' },
    { HEALTH_CRITICAL: 'redis', INIT_WAIT: 'none' },
    { INFLUXDB_API: 'v2' },
    { INFLUXDB_API: 'v2', INFLUXDB_TOKEN: 't', INFLUXDB_ORG: 'o' },
    { INFLUXDB_USERNAME: 'u', INFLUXDB_PASSWORD: 'p' },
  ])('find nothing in %j', async (env) => {
    expect(await findingsOf(env)).toEqual({ mistakes: [], warnings: [] });
  });
});
