import { describe, expect, it } from 'vitest';
import { includesScope, parseScopes, type Scope } from './scope.js';

describe('includesScope', () => {
  it.each<[readonly Scope[], Record<Scope, boolean>]>([
    [[], { read: false, write: false, admin: false }],
    [['read'], { read: true, write: false, admin: false }],
    [['write'], { read: true, write: true, admin: false }],
    [['admin'], { read: true, write: true, admin: true }],
    [['read', 'admin'], { read: true, write: true, admin: true }],
  ])('of %j', (granted, expected) => {
    const found = {
      read: includesScope(granted, 'read'),
      write: includesScope(granted, 'write'),
      admin: includesScope(granted, 'admin'),
    };
    expect(found).toEqual(expected);
  });
});

describe('parseScopes', () => {
  it.each<[string, readonly Scope[]]>([
    ['', []],
    ['write', ['write']],
    ['write read', ['read', 'write']],
    ['trade:write openid', []],
    ['WRITE', []],
    ['read  admin', ['read', 'admin']],
  ])('reads %j', (text, expected) => {
    expect(parseScopes(text)).toEqual(expected);
  });
});
