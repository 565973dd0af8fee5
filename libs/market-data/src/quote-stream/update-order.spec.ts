import { describe, expect, it } from 'vitest';
import { quoteOf } from './quotes.fixture.js';
import { inOrder, isNewer, isUpdateId } from './update-order.js';

describe('isNewer', () => {
  it.each([
    ['5-0', undefined, true],
    ['5-0', '5-0', false],
    ['5-1', '5-0', true],
    ['5-10', '5-9', true],
    ['5-9', '5-10', false],
    ['10-0', '9-99', true],
    ['9-99', '10-0', false],
    ['1795508995227001-0', '1795508995227000-7', true],
  ])('%s than %s: %s', (updateId, than, newer) => {
    expect(isNewer(updateId, than)).toBe(newer);
  });
});

describe('isUpdateId', () => {
  it.each([
    ['1795508995227001-0', true],
    ['0-0', true],
    ['', false],
    ['1', false],
    ['1-', false],
    ['-1-1', false],
    ['1-1 ', false],
    ['9'.repeat(17) + '-0', false],
  ])('%j: %s', (text, is) => {
    expect(isUpdateId(text)).toBe(is);
  });
});

describe('inOrder', () => {
  it('sorts quotes by their updates', () => {
    const [first, second, third] = [quoteOf('B', '9-0'), quoteOf('A', '10-2'), quoteOf('C', '10-10')];
    expect(inOrder([third, first, second])).toEqual([first, second, third]);
  });
});
