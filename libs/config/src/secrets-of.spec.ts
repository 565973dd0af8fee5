import { describe, expect, it } from 'vitest';
import { secretsOf } from './secrets-of.js';

describe('secretsOf', () => {
  it('finds keys, tokens and the passwords within URLs, also decoded', () => {
    const secrets = secretsOf({
      datastores: {
        databaseUrl: 'postgres://app:p%40ss@db/trading',
        redisUrl: 'redis://:open%21@cache',
        influxdb: {
          url: 'http://influx:8086',
          api: 'auto',
          database: 'trading',
          org: 'desk',
          token: 'the-token',
          username: 'writer',
          password: 'the-password',
        },
        ca: undefined,
      },
      security: {
        secretKey: 'the-key',
        secretKeyPrevious: 'the-key-before',
        corsOrigins: [],
        rateLimit: 0,
        trustProxy: undefined,
        healthDetails: 'always',
      },
    });
    expect(secrets).toEqual([
      'p%40ss',
      'p@ss',
      'open%21',
      'open!',
      'the-password',
      'the-token',
      'the-key',
      'the-key-before',
    ]);
  });

  it('finds none where no category with secrets is loaded', () => {
    expect(secretsOf({})).toEqual([]);
  });
});
