import { describe, expect, it } from 'vitest';
import { jsonWeight, maxDepth } from './json-weight.js';

const weightOf = (text: string): number | undefined => jsonWeight(Buffer.from(text));
const list = (values: readonly string[]): string => `[${values.join(',')}]`;
const keys = Array.from({ length: 40 }, (_, index) => `k${String(index)}`);

/** An object whose keys come in this order. */
const object = (names: readonly string[]): string => `{${names.map((name) => `"${name}":0`).join(',')}}`;

describe('jsonWeight', () => {
  it.each([
    ['nothing', '', 0],
    ['a text without values', '  \n', 0],
    ['a number', '12.5', 0],
    ['an empty array', '[]', 130],
    ['numbers', '[1,2,3]', 130 + 2 * 16],
    ['strings', '["a","b"]', 130 + 16 + 2 * 24],
    ['what looks like structure in a string', '"{[,:\\"]}\\\\"', 24],
    ['an empty object', '{}', 500],
    ['an object', '{"a":1,"b":"c"}', 500 + 2 * 160 + 16 + 3 * 24],
    ['an object in an object', '{"a":{"b":[]}}', 2 * 500 + 2 * (160 + 24) + 130],
    ['a text that ends in a string', '["a', 130 + 24],
    ['a text that ends in a key', '{"a', 500 + 160 + 24],
    ['a text that closes what it has not opened', ']}{', 500],
  ])('weighs %s', (_name, text, weight) => {
    expect(weightOf(text)).toBe(weight);
  });

  it('takes members for cheap where their object has keys in an order that came before', () => {
    const [first = 0, second = 0, third = 0] = [1, 2, 3].map((count) =>
      weightOf(list(Array.from({ length: count }, () => object(['a', 'b'])))),
    );
    expect(second - first).toBe(500 + 2 * 24 + 16 + 2 * 16 + 16);
    expect(third - second).toBe(second - first);
  });

  it.each([
    ['other keys', keys.map((key) => object([key]))],
    [
      'the same keys in another order',
      keys.map((_, index) => object([...keys.slice(index), ...keys.slice(0, index)])),
    ],
    ['keys that are numbers', keys.map(() => object(['7']))],
    ['keys that are numbers, as escapes', keys.map(() => object(['\\u0037']))],
    ['many keys', keys.map(() => object(Array.from({ length: 65 }, (_, index) => `k${String(index)}`)))],
  ])('takes members for dear in objects with %s', (_name, objects) => {
    const members = objects.join('').split(':').length - 1;
    expect(weightOf(list(objects))).toBeGreaterThan(members * 160);
  });

  it('remembers only so many orders of keys', () => {
    const different = Array.from({ length: 1_001 }, (_, index) => object([`k${String(index)}`]));
    const again = (text: string): number =>
      (weightOf(list([...different, text])) ?? 0) - (weightOf(list(different)) ?? 0);
    expect(again(different[999] ?? '')).toBeLessThan(again(different[1_000] ?? ''));
  });

  it('does not weigh what is nested too deep, whether it ends or not', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const weights = [nested(maxDepth), nested(maxDepth + 1), '{"a":'.repeat(1_000_000)].map(weightOf);
    expect(weights).toEqual([maxDepth * 130, undefined, undefined]);
  });

  it('goes on counting at the level where it was', () => {
    expect(weightOf('{"a":[{"b":1},{"b":2}],"c":3}')).toBe(3 * 500 + 130 + 3 * 160 + 16 + 4 * 24 + 2 * 16);
  });
});
