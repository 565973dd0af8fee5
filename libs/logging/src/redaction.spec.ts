import { describe, expect, it } from 'vitest';
import { redactSecrets } from './redaction.js';

const secrets = [
  'k3y-0123456789',
  'quote"and\\slash',
  'p@ss/word+1',
  'k3y-0123456789-longer',
  'postgres',
  '12345678',
  'short',
];

describe('redactSecrets', () => {
  it.each([
    ['a known secret', 'key k3y-0123456789 end', 'key [redacted] end'],
    ['the longer of two that begin alike', 'k3y-0123456789-longer', '[redacted]'],
    ['a secret as JSON writes it', JSON.stringify({ a: 'quote"and\\slash' }), '{"a":"[redacted]"}'],
    ['a secret as a URL writes it', 'at p%40ss%2Fword%2B1 end', 'at [redacted] end'],
    ['the password in a URL', 'postgres://u:secret@h:5432/db?x=1', 'postgres://u:[redacted]@h:5432/db?x=1'],
    ['a password with @ in a URL', 'rediss://:a@b@h', 'rediss://:[redacted]@h'],
    ['a bearer token', 'Authorization: Bearer abcdefgh.ijklmnop', 'Authorization: Bearer [redacted]'],
    ['a JSON web token', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln-_', 'got [redacted]'],
    [
      'a field with a telling name at any depth',
      '{"a":[{"DB_PASSWORD":"x\\"y","influxToken":"z","set-cookie":["a=1","b=2"],"secretKeyPrevious":"q"}]}',
      '{"a":[{"DB_PASSWORD":"[redacted]","influxToken":"[redacted]","set-cookie":"[redacted]","secretKeyPrevious":"[redacted]"}]}',
    ],
  ])('hides %s', (_, text, expected) => {
    expect(redactSecrets(secrets)(text)).toBe(expected);
  });

  it.each([
    'the datastore postgres at http://host:8080/path is up',
    '{"bytes":123456789,"tokens":5,"msg":"no bearer token"}',
    'a short text, mail to user@host',
    'basic authentication',
  ])('leaves "%s" as it is', (text) => {
    expect(redactSecrets(secrets)(text)).toBe(text);
  });
});
