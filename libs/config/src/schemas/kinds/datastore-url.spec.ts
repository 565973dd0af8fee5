import { describe, expect, it } from 'vitest';
import { influxdbUrl, postgresUrl, redisUrl } from './datastore-url.js';
import { read, refused } from './read.spec-support.js';

const escaping =
  'in a user name or password write : as %3A, / as %2F, ? as %3F, # as %23, @ as %40 and % as %25';

describe('postgresUrl', () => {
  const scheme = 'does not begin with postgres:// or postgresql://';
  it.each([
    ['mysql://u:p@db/x', scheme],
    ['db:5432/trading', scheme],
    ['jdbc:postgresql://db/x', scheme],
    ['postgres:db/x', scheme],
    ['postgres://u:p@db/trading\n', 'holds a space or a line break'],
    ['postgres://u:%ff@db/trading', `holds a % that is not part of an escaped character; ${escaping}`],
    ['postgres://', 'names no host'],
    ['postgres:///trading', 'names no host'],
    ['postgres://u:p@/trading', 'names no host'],
    ['postgres://u:p@:5432/trading', 'names no host'],
    ['postgres://u:p#w@db/trading', `cannot be read as a URL; ${escaping}`],
    ['postgres://u:p/w@db:5432/trading', `cannot be read as a URL; ${escaping}`],
    ['postgres://u:p@db:99999/trading', `cannot be read as a URL; ${escaping}`],
    ['postgres://u:100%@db/trading', `holds a % that is not part of an escaped character; ${escaping}`],
    ['postgres://db/x?sslmode=prefer', 'has an sslmode that is not one of disable, require, verify-full'],
  ])('refuses %s', (given, problem) => {
    expect(read(postgresUrl(), given)).toEqual(refused(problem));
  });

  it.each([
    'postgres://db',
    'postgresql://u:p%40@db.example.com:5432/trading?sslmode=require',
    'POSTGRES://u@[::1]/x?sslmode=disable&application_name=a',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/x',
  ])('takes %s as it is', (given) => {
    expect(read(postgresUrl(), given)).toBe(given);
  });
});

describe('redisUrl', () => {
  it.each([
    ['http://redis', 'does not begin with redis:// or rediss://'],
    ['redis:///0', 'names no host'],
    ['redis://redis/cache', 'names a database that is not a number'],
    ['redis://redis/1/2', 'names a database that is not a number'],
  ])('refuses %s', (given, problem) => {
    expect(read(redisUrl(), given)).toEqual(refused(problem));
  });

  it.each(['redis://redis', 'redis://redis:6379/', 'rediss://u:p@redis:6380/15'])(
    'takes %s as it is',
    (given) => {
      expect(read(redisUrl(), given)).toBe(given);
    },
  );
});

describe('influxdbUrl', () => {
  it.each([
    ['influxdb:8086', 'does not begin with http:// or https://'],
    ['http://', 'names no host'],
    [
      'http://u:p@influxdb:8086',
      'holds credentials; give them as INFLUXDB_USERNAME and INFLUXDB_PASSWORD, or INFLUXDB_TOKEN',
    ],
    [
      'http://influxdb:8086?db=x',
      'has a query or fragment; the database and the organization have variables of their own',
    ],
  ])('refuses %s', (given, problem) => {
    expect(read(influxdbUrl(), given)).toEqual(refused(problem));
  });

  it.each(['http://influxdb:8086', 'https://influx.example.com/proxy/'])('takes %s as it is', (given) => {
    expect(read(influxdbUrl(), given)).toBe(given);
  });
});
