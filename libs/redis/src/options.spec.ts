import { describe, expect, it } from 'vitest';
import { connectionOptions } from './options.js';

const always = {
  connectTimeout: 5_000,
  keepAlive: 10_000,
  lazyConnect: true,
  disableClientInfo: true,
  enableReadyCheck: false,
  enableOfflineQueue: false,
};

describe('connectionOptions', () => {
  it.each([
    ['redis://redis', undefined, { host: 'redis', port: 6379, db: 0 }],
    ['redis://redis:6380/2', undefined, { host: 'redis', port: 6380, db: 2 }],
    ['redis://:p%40ss@redis', undefined, { host: 'redis', port: 6379, db: 0, password: 'p@ss' }],
    [
      'redis://user:p%3Aw@[::1]:1',
      undefined,
      { host: '::1', port: 1, db: 0, username: 'user', password: 'p:w' },
    ],
    ['redis://redis?tls=true&db=5', undefined, { host: 'redis', port: 6379, db: 0 }],
    ['rediss://redis', undefined, { host: 'redis', port: 6379, db: 0, tls: { servername: 'redis' } }],
    ['rediss://10.0.0.1', 'PEM', { host: '10.0.0.1', port: 6379, db: 0, tls: { ca: 'PEM' } }],
  ])('reads %s', (url, ca, expected) => {
    expect(connectionOptions({ url, ca, maxConnections: 5, connectTimeoutMs: 5_000 })).toEqual({
      ...always,
      ...expected,
    });
  });
});
