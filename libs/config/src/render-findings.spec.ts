import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from './configuration-error.js';
import { configCategories, loadConfig } from './load-config.js';
import { renderFindings } from './render-findings.js';

const mistake = {
  variable: 'DB_POOLSIZE',
  problem: 'is not a variable of this program',
  suggestion: 'DB_POOL_SIZE',
  example: 'DB_POOL_SIZE=10',
  source: '.env.production',
};
const warning = { variable: 'HEALTH_CHECK_TIMEOUT', problem: 'is long' };

describe('renderFindings', () => {
  it('shows mistakes, then warnings, each with all that is known of it', () => {
    expect(renderFindings({ mistakes: [mistake], warnings: [warning] })).toBe(
      [
        'mistake  DB_POOLSIZE: is not a variable of this program',
        '         Did you mean DB_POOL_SIZE?',
        '         Example: DB_POOL_SIZE=10',
        '         Found in .env.production.',
        'warning  HEALTH_CHECK_TIMEOUT: is long',
      ].join('\n'),
    );
  });
});

describe('ConfigurationError', () => {
  it('names each variable once, ends the process with 78 and has the mistakes as data', () => {
    const error = new ConfigurationError([mistake, mistake, warning], [warning]);
    expect({ ...error.definition, message: error.message, data: error.data }).toEqual({
      code: 'configuration_invalid',
      kind: 'internal',
      title: 'The configuration cannot work',
      advice: 'Correct the variables that are named and start again.',
      exitCode: 78,
      message:
        'The configuration cannot work because of DB_POOLSIZE, HEALTH_CHECK_TIMEOUT. Correct the variables that are named and start again.',
      data: { mistakes: [mistake, mistake, warning], warnings: [warning] },
    });
  });

  it('never holds the value of a secret, however wrong the value is', async () => {
    const names = ['DATABASE_URL', 'REDIS_URL', 'INFLUXDB_URL', 'SECRET_KEY', 'SECRET_KEY_PREVIOUS'];
    const named = [...names, 'SECRET_KEY_FILE', 'REDIS_URL_FILE', 'INFLUXDB_TOKEN', 'INFLUXDB_PASSWORD'];
    const secret = 'hunter2';
    const wrongValue = fc
      .tuple(
        fc.constantFrom('', 'x', 'postgres://', 'postgres://u:', 'redis://:', 'http://u:', 'mysql://'),
        fc.constantFrom('', '#', '%', '\n', '@db', '@', '/'),
      )
      .map(([before, after]) => before + secret + after);
    const environment = fc.dictionary(fc.constantFrom(...named), wrongValue, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(environment, async (env) => {
        const loading = loadConfig(configCategories, { env, directory: '/nonexistent' });
        const error: unknown = await loading.catch((reason: unknown) => reason);
        if (!(error instanceof ConfigurationError)) return;
        const shown = [error.message, error.stack, JSON.stringify(error.data), renderFindings(error)];
        expect(shown.join('\n')).not.toContain(secret);
      }),
    );
  });
});
