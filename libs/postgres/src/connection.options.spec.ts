import { describe, expect, it } from 'vitest';
import { connectionOptions } from './connection.options.js';

const ca = '-----BEGIN CERTIFICATE-----';

describe('connectionOptions', () => {
  it('takes the parts of the URL apart and decodes them', () => {
    const databaseUrl =
      'postgres://us%40er:p%2Fss%3Aw@db.example:6432/trad%20ing?options=-c%20search_path%3Dx';
    expect(connectionOptions({ databaseUrl, ca: undefined }, 'worker')).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'us@er',
      password: 'p/ss:w',
      database: 'trad ing',
      ssl: false,
      options: '-c search_path=x',
      application_name: 'worker',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
  });

  it.each([
    ['postgres://db', 'backend', 'backend/2'],
    ['postgres://db?application_name=other', 'backend', 'other/2'],
    ['postgres://db', 'x'.repeat(100), `${'x'.repeat(61)}/2`],
  ])('with %s and the name %s has the number of the worker in it', (databaseUrl, name, expected) => {
    const { application_name } = connectionOptions({ databaseUrl, ca: undefined }, name, 2);
    expect(application_name).toBe(expected);
  });

  it('leaves what the URL does not say to the driver', () => {
    expect(connectionOptions({ databaseUrl: 'postgresql://[::1]', ca: undefined }, 'worker')).toEqual({
      host: '::1',
      port: 5432,
      user: undefined,
      password: undefined,
      database: undefined,
      ssl: false,
      options: undefined,
      application_name: 'worker',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
  });

  it('prefers the application name of the URL', () => {
    const databaseUrl = 'postgres://db/x?application_name=mine';
    expect(connectionOptions({ databaseUrl, ca: undefined }, 'worker').application_name).toBe('mine');
  });

  it.each([
    ['disable', undefined, false],
    ['disable', ca, false],
    ['require', undefined, { rejectUnauthorized: false }],
    ['require', ca, { ca, rejectUnauthorized: true, checkServerIdentity: expect.any(Function) }],
    ['verify-full', undefined, { rejectUnauthorized: true }],
    ['verify-full', ca, { ca, rejectUnauthorized: true }],
  ])('with sslmode=%s and the CA %s asks for TLS as libpq does', (mode, ca, ssl) => {
    expect(connectionOptions({ databaseUrl: `postgres://db/x?sslmode=${mode}`, ca }, 'worker').ssl).toEqual(
      ssl,
    );
  });

  it('refuses another sslmode without showing the URL', () => {
    const options = { databaseUrl: 'postgres://u:secret@db/x?sslmode=prefer', ca: undefined };
    expect(() => connectionOptions(options, 'worker')).toThrow(
      'DATABASE_URL has an unknown sslmode, "prefer". Use sslmode=disable, require or verify-full.',
    );
  });
});
