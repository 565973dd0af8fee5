import { describe, expect, it } from 'vitest';
import { address, origins, proxies } from './network.js';
import { read, refused } from './read.spec-support.js';

describe('origins', () => {
  it.each([
    ['*', 'opens the API to every web site with *; name each origin that may call it'],
    ['app.example.com', 'names "app.example.com", which is not an origin such as https://app.example.com'],
    ['null', 'names "null", which is not an origin such as https://app.example.com'],
    [
      'ftp://a.example.com',
      'names "ftp://a.example.com", which is not an origin such as https://app.example.com',
    ],
  ])('refuses %s', (given, problem) => {
    expect(read(origins(), given)).toEqual(refused(problem));
  });

  it.each([
    ['https://a.example.com/', 'https://a.example.com'],
    ['https://A.example.com:443', 'https://a.example.com'],
    ['http://a.example.com/path', 'http://a.example.com'],
  ])('suggests the origin that %s stands for', (given, suggestion) => {
    expect(read(origins(), given)).toEqual(
      refused(`names "${given}", but an origin is only scheme, host and port`, suggestion),
    );
  });

  it('takes each origin once', () => {
    expect(read(origins(), 'http://a.io, https://b.io:8443,http://a.io')).toEqual([
      'http://a.io',
      'https://b.io:8443',
    ]);
  });
});

describe('proxies', () => {
  it.each([
    ['0', 0],
    ['2', 2],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['192.168.1.1,fd00::/8', ['192.168.1.1', 'fd00::/8']],
  ])('takes %s', (given, value) => {
    expect(read(proxies(), given)).toEqual(value);
  });

  it.each([
    ['33', proxies().values],
    [',', proxies().values],
    ['*', 'names "*", which is not a network in CIDR notation such as 10.0.0.0/8'],
    ['true', 'names "true", which is not a network in CIDR notation such as 10.0.0.0/8'],
    ['10.0.0.0/33', 'names "10.0.0.0/33", which is not a network in CIDR notation such as 10.0.0.0/8'],
    ['::1/129', 'names "::1/129", which is not a network in CIDR notation such as 10.0.0.0/8'],
  ])('refuses %s', (given, problem) => {
    expect(read(proxies(), given)).toEqual(refused(problem));
  });
});

describe('address', () => {
  it.each(['127.0.0.1', '::', '0.0.0.0', 'localhost', 'backend-1.internal'])('takes %s', (given) => {
    expect(read(address(), given)).toBe(given);
  });

  it.each(['http://localhost', 'localhost:8000', '[::1]', '300.1.1.1', '-a', 'a b', 'a..b'])(
    'refuses %s',
    (given) => {
      expect(read(address(), given)).toEqual(refused(address().values));
    },
  );
});
