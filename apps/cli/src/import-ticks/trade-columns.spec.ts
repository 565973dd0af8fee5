import { describe, expect, it } from 'vitest';
import { columnOrder } from './trade-columns.js';

describe('columnOrder', () => {
  it('takes the columns in any order', () => {
    expect(columnOrder(['side', ' price', 'size ', 'trade_id', 'timestamp', 'symbol'])).toEqual(
      new Map([
        ['side', 0],
        ['price', 1],
        ['size', 2],
        ['trade_id', 3],
        ['timestamp', 4],
        ['symbol', 5],
      ]),
    );
  });

  it.each<[string, readonly string[], string]>([
    ['is missing', [], 'lacks symbol, timestamp, price, size, trade_id.'],
    ['lacks a column', ['symbol', 'timestamp', 'price', 'size'], 'lacks trade_id.'],
    [
      'has one that nobody knows',
      ['symbol', 'timestamp', 'price', 'size', 'trade_id', 'venue'],
      'has "venue" which nobody knows.',
    ],
    ['has one twice', ['symbol', 'timestamp', 'price', 'size', 'trade_id', 'size'], 'has size twice.'],
    [
      'is a row',
      ['A', '2017-04-19T09:00:00Z', '1', '2', '3'],
      'lacks symbol, timestamp, price, size, trade_id and has "A", "2017-04-19T09:00:00Z", "1", "2", "3" which nobody knows.',
    ],
  ])('names what is wrong with a first line that %s', (_name, header, detail) => {
    expect(() => columnOrder(header)).toThrow(
      expect.objectContaining({
        code: 'import_file_unusable',
        detail: `The first line of the file ${detail}`,
      }),
    );
  });
});
