import { describe, expect, it } from 'vitest';
import { accepts } from './accept.js';

const json = ['application/json', 'application/problem+json'];

describe('accepts', () => {
  it.each<[string | undefined, readonly string[], boolean]>([
    [undefined, json, true],
    ['', json, true],
    ['nonsense', json, true],
    ['*/*', json, true],
    ['application/*', json, true],
    ['application/json', json, true],
    ['APPLICATION/JSON; charset=utf-8', json, true],
    ['application/problem+json', json, true],
    ['text/html,application/xhtml+xml,*/*;q=0.8', json, true],
    ['text/html', json, false],
    ['application/json;q=0', json, false],
    ['application/json;q=0, */*', ['application/json'], false],
    ['*/*;q=0', json, false],
    ['*/*;q=0, application/json', json, true],
    ['text/event-stream', json, false],
    ['text/event-stream', ['text/event-stream'], true],
    ['application/json', ['text/event-stream'], false],
    ['application/json;q=much', json, true],
  ])('%j for %j', (header, mediaTypes, expected) => {
    expect(accepts(header, mediaTypes)).toBe(expected);
  });
});
