import { describe, expect, it } from 'vitest';
import { ConfigurationError, type Finding } from './configuration-error.js';
import { developmentSecretKey } from './development-key.js';
import { configCategories, loadConfig } from './load-config.js';

const sound = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://trading:hunter2@db:5432/trading',
  REDIS_URL: 'redis://:hunter2@redis:6379/0',
  INFLUXDB_URL: 'http://influxdb:8086',
  SECRET_KEY: 'q8Zt0vYp3Xs6Wm1Kd9Rb4Nc7Lf2Hg5Jj',
};
const source = 'the process environment';
const newKey = 'SECRET_KEY=$(openssl rand -base64 48)';
const notDuration = 'not a duration such as 500ms, 5s, 2m or 1h (a bare number is seconds)';

async function mistakesOf(env: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> {
  try {
    await loadConfig(configCategories, { env, directory: '/nonexistent' });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
}

interface Broken {
  readonly what: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mistakes: readonly Finding[];
}

const broken: readonly Broken[] = [
  {
    what: 'no DATABASE_URL and no REDIS_URL',
    env: { DATABASE_URL: undefined, REDIS_URL: '' },
    mistakes: [
      {
        variable: 'DATABASE_URL',
        problem: 'is required',
        example: 'DATABASE_URL=postgres://trading:PASSWORD@postgres:5432/trading',
      },
      { variable: 'REDIS_URL', problem: 'is required', example: 'REDIS_URL=redis://:PASSWORD@redis:6379/0' },
    ],
  },
  {
    what: 'a short SECRET_KEY',
    env: { SECRET_KEY: 'q8Zt0vYp3Xs6Wm1' },
    mistakes: [{ variable: 'SECRET_KEY', problem: 'is shorter than 32 characters', example: newKey, source }],
  },
  {
    what: 'a repetitive SECRET_KEY',
    env: { SECRET_KEY: 'abcdefg1'.repeat(5) },
    mistakes: [
      {
        variable: 'SECRET_KEY',
        problem: 'has fewer than 10 different characters, repeats one short block of characters',
        example: newKey,
        source,
      },
    ],
  },
  {
    what: 'the development SECRET_KEY',
    env: { SECRET_KEY: developmentSecretKey },
    mistakes: [
      {
        variable: 'SECRET_KEY',
        problem: 'is the key of .env.development, which anyone can read',
        example: newKey,
      },
    ],
  },
  {
    what: 'DEBUG=true in production',
    env: { DEBUG: 'true' },
    mistakes: [
      {
        variable: 'DEBUG',
        problem: 'is true, but must be false where NODE_ENV is production',
        example: 'DEBUG=false',
      },
    ],
  },
  {
    what: 'PORT=70000 with LOG_LEVEL=loud',
    env: { PORT: '70000', LOG_LEVEL: 'loud' },
    mistakes: [
      {
        variable: 'PORT',
        problem: 'is "70000", not a whole number from 0 to 65535',
        example: 'PORT=8000',
        source,
      },
      {
        variable: 'LOG_LEVEL',
        problem: 'is "loud", not one of trace, debug, info, warn (or warning), error, fatal (or critical)',
        example: 'LOG_LEVEL=info',
        source,
      },
    ],
  },
  {
    what: 'DB_POOLSIZE for DB_POOL_SIZE',
    env: { DB_POOLSIZE: '20' },
    mistakes: [
      {
        variable: 'DB_POOLSIZE',
        problem: 'is not a variable of this program',
        suggestion: 'DB_POOL_SIZE',
        example: 'DB_POOL_SIZE=10',
        source,
      },
    ],
  },
  {
    what: 'a mysql:// URL',
    env: { DATABASE_URL: 'mysql://trading:hunter2@db:3306/trading' },
    mistakes: [
      {
        variable: 'DATABASE_URL',
        problem: 'does not begin with postgres:// or postgresql://',
        example: 'DATABASE_URL=postgres://trading:PASSWORD@postgres:5432/trading',
        source,
      },
    ],
  },
  {
    what: 'HEALTH_CRITICAL=postgres,mongo',
    env: { HEALTH_CRITICAL: 'postgres,mongo' },
    mistakes: [
      {
        variable: 'HEALTH_CRITICAL',
        problem: 'names "mongo", but the datastores are postgres, redis, influxdb',
        example: 'HEALTH_CRITICAL=postgres,redis',
        source,
      },
    ],
  },
  {
    what: 'SECRET_KEY with SECRET_KEY_FILE',
    env: { SECRET_KEY_FILE: '/run/secrets/secret_key' },
    mistakes: [
      {
        variable: 'SECRET_KEY',
        problem: 'is given together with SECRET_KEY_FILE; keep one of them',
        example: 'SECRET_KEY_FILE=/run/secrets/secret_key',
        source,
      },
    ],
  },
  {
    what: 'SHUTDOWN_DRAIN_DELAY above SHUTDOWN_TIMEOUT',
    env: { SHUTDOWN_DRAIN_DELAY: '30s', SHUTDOWN_TIMEOUT: '20s' },
    mistakes: [
      {
        variable: 'SHUTDOWN_DRAIN_DELAY',
        problem: 'is 30s, but must be shorter than SHUTDOWN_TIMEOUT (20s), which includes it',
        example: 'SHUTDOWN_DRAIN_DELAY=4s',
      },
    ],
  },
  {
    what: 'three malformed durations at once',
    env: { REQUEST_TIMEOUT: '5 s', DB_POOL_TIMEOUT: 'soon', HEALTH_CHECK_INTERVAL: '-1' },
    mistakes: [
      {
        variable: 'REQUEST_TIMEOUT',
        problem: `is "5 s", ${notDuration}`,
        example: 'REQUEST_TIMEOUT=15s',
        source,
      },
      {
        variable: 'DB_POOL_TIMEOUT',
        problem: `is "soon", ${notDuration}`,
        example: 'DB_POOL_TIMEOUT=5s',
        source,
      },
      {
        variable: 'HEALTH_CHECK_INTERVAL',
        problem: `is "-1", ${notDuration}`,
        example: 'HEALTH_CHECK_INTERVAL=10s',
        source,
      },
    ],
  },
  {
    what: 'a mistake over two variables beside a mistake in the same category',
    env: { PORT: '8000', MANAGEMENT_PORT: '8000', BODY_LIMIT: 'much' },
    mistakes: [
      {
        variable: 'BODY_LIMIT',
        problem: 'is "much", not a size from 1kb to 1gb, such as 512kb or 4mb (a bare number is bytes)',
        example: 'BODY_LIMIT=4mb',
        source,
      },
      {
        variable: 'MANAGEMENT_PORT',
        problem: 'is 8000, the same as PORT; the two servers need a port each',
        example: 'MANAGEMENT_PORT=8001',
      },
    ],
  },
  {
    what: 'an environment that is none of the three',
    env: { NODE_ENV: 'prod', DEBUG: 'on' },
    mistakes: [
      {
        variable: 'NODE_ENV',
        problem: 'is "prod", not one of development, production, test',
        suggestion: 'production',
        example: 'NODE_ENV=production',
        source,
      },
      {
        variable: 'DEBUG',
        problem: 'is true, but must be false where NODE_ENV is production',
        example: 'DEBUG=false',
      },
    ],
  },
];

describe('loadConfig in a broken environment', () => {
  it.each(broken)('names every mistake of $what', async ({ env, mistakes }) => {
    expect(await mistakesOf({ ...sound, ...env })).toEqual(mistakes);
  });

  it('finds nothing wrong with the sound one that the others come from', async () => {
    expect(await mistakesOf(sound)).toEqual([]);
  });

  it('advises npm start where a datastore is missing in development', async () => {
    expect(await mistakesOf({ REDIS_URL: 'redis://r', INFLUXDB_URL: 'http://i' })).toEqual([
      {
        variable: 'DATABASE_URL',
        problem: 'is required; "npm start" brings up development services and sets it',
        example: 'DATABASE_URL=postgres://trading:PASSWORD@postgres:5432/trading',
      },
    ]);
  });
});
