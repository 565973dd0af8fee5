import { describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.js';

describe('RouteTable', () => {
  const routes = new RouteTable();
  routes.add('/', ['GET']);
  routes.add('/things', ['POST']);
  routes.add('/things', ['GET', 'HEAD']);
  routes.add('/things/:name', ['PATCH']);
  routes.add('/things/special', ['GET']);
  routes.add('/files/*', ['GET']);

  it.each<[string, readonly string[]]>([
    ['/', ['GET']],
    ['/things', ['GET', 'HEAD', 'POST']],
    ['/things/', ['GET', 'HEAD', 'POST']],
    ['/things/a', ['PATCH']],
    ['/things/special', ['GET', 'PATCH']],
    ['/things/a/b', []],
    ['/thing.', []],
    ['/files/a/b', ['GET']],
    ['/files', []],
    ['/Things', []],
  ])('knows the methods of %s', (path, methods) => {
    expect(routes.methodsOf(path)).toEqual(methods);
  });
});
