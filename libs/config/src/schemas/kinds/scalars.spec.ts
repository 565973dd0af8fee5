import { describe, expect, it } from 'vitest';
import { namesOf } from './lists.js';
import { logLevel } from './log-level.js';
import { duration } from './quantities.js';
import { quote } from './quote.js';
import { read, refused } from './read.spec-support.js';
import { choice, flag, integerOr, text } from './scalars.js';

describe('namesOf', () => {
  const kind = namesOf('datastores', ['postgres', 'redis', 'influxdb']);
  it.each([
    ['redis', ['redis']],
    [' redis ,postgres,redis,', ['redis', 'postgres']],
    [',', refused('names none of postgres, redis, influxdb')],
    ['postgress', refused('names "postgress", but the datastores are postgres, redis, influxdb', 'postgres')],
    ['Redis', refused('names "Redis", but the datastores are postgres, redis, influxdb', 'redis')],
    ['mongo,kafka', refused('names "mongo" and "kafka", but the datastores are postgres, redis, influxdb')],
  ])('reads %s', (given, value) => {
    expect(read(kind, given)).toEqual(value);
  });
});

describe('choice', () => {
  const kind = choice('development', 'production', 'test');
  it.each([
    ['test', 'test'],
    ['Production', refused(kind.values, 'production')],
    ['dev', refused(kind.values, 'development')],
    ['prodution', refused(kind.values, 'production')],
    ['staging', refused(kind.values)],
    ['te', refused(kind.values)],
  ])('reads %s', (given, value) => {
    expect(read(kind, given)).toEqual(value);
  });
});

describe('the scalars', () => {
  it.each([
    [flag(), 'YES', true],
    [flag(), 'on', true],
    [flag(), '1', true],
    [flag(), 'False', false],
    [flag(), 'no', false],
    [flag(), '0', false],
    [flag(), 'maybe', refused(flag().values)],
    [integerOr(1, 64, 'auto'), 'auto', 'auto'],
    [integerOr(1, 64, 'auto'), '64', 64],
    [integerOr(1, 64, 'auto'), '65', refused('a whole number from 1 to 64, or auto')],
    [integerOr(1, 64, 'auto'), '1e1', refused('a whole number from 1 to 64, or auto')],
    [integerOr(1, 64, 'auto'), '0x1', refused('a whole number from 1 to 64, or auto')],
    [text(), 'two\nlines', refused('holds a line break or another control character')],
    [logLevel(), 'CRITICAL', 'fatal'],
    [logLevel(), 'Warning', 'warn'],
    [logLevel(), 'constructor', refused(logLevel().values)],
    [logLevel(), 'inf', refused(logLevel().values, 'info')],
    [duration(), '0', refused('is shorter than 1ms')],
    [duration(), '600h', refused('is longer than 24 days, which no timer keeps')],
  ])('read %#: $1', (kind, given, value) => {
    expect(read(kind, given)).toEqual(value);
  });
});

describe('quote', () => {
  it('shows a wrong value on one short line without credentials', () => {
    expect([quote('a\nb'), quote('x'.repeat(100)), quote('http://u:hunter2@host/?a')]).toEqual([
      String.raw`"a\nb"`,
      `"${'x'.repeat(60)}…"`,
      '"http://…@host/?a"',
    ]);
  });
});
