import { selfSignedCertificate } from '@app/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read, refused } from './read.spec-support.js';
import { certificates, signingKey } from './secrets.js';

describe('signingKey', () => {
  const known = 'is a known default or placeholder';
  it.each([
    ['', 'is shorter than 32 characters, has fewer than 10 different characters'],
    [
      'changeme',
      'is shorter than 32 characters, has fewer than 10 different characters, is a known default or placeholder',
    ],
    ['0123456789'.repeat(4).slice(0, 31), 'is shorter than 32 characters'],
    ['a'.repeat(40), 'has fewer than 10 different characters, repeats one short block of characters'],
    [
      '123456781234567812345678123456781',
      'has fewer than 10 different characters, repeats one short block of characters',
    ],
    ['your-secret-key-change-in-production', known],
    ['CHANGE_ME_to-something-0123456789-abc', known],
    ['django-insecure-0123456789-abcdefghij', known],
  ])('refuses %s', (given, problem) => {
    expect(signingKey().schema.validate(given).error === undefined).toBe(false);
    expect(read(signingKey(), given)).toEqual(refused(problem));
  });

  it('takes every random key of 32 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        fc.pre(new Set(bytes).size >= 16);
        const key = Buffer.from(bytes).toString('base64');
        expect(read(signingKey(), key)).toBe(key);
      }),
    );
  });
});

describe('certificates', () => {
  it('takes one certificate or more', async () => {
    const { cert } = await selfSignedCertificate(['localhost']);
    expect([read(certificates(), cert), read(certificates(), cert + cert)]).toEqual([cert, cert + cert]);
  });

  it.each([
    ['/run/secrets/ca.pem', 'holds no certificate in PEM; the path of a file is given as DATASTORE_CA_FILE'],
    [
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'holds a certificate that cannot be read',
    ],
  ])('refuses %s', (given, problem) => {
    expect(read(certificates(), given)).toEqual(refused(problem));
  });
});
