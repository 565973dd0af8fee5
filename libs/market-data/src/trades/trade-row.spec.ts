import { describe, expect, it } from 'vitest';
import { parseTradeRow, tradeRow } from './trade-row.js';
import type { Trade } from './trade.js';

const trade: Trade = { symbol: 'A', second: 5, nanos: 0, id: '~ é\\', ticks: '107', lots: '0', side: 'sell' };

describe('parseTradeRow', () => {
  it.each([trade, { ...trade, side: null }])('reads what tradeRow wrote: %j', (each) => {
    expect(parseTradeRow(tradeRow(each))).toEqual(each);
  });

  it.each([
    '',
    'A',
    'A\t5\t0\tx\t107\t0',
    'A\t5\t0\tx\t107\t0\tBUY',
    'A\t5\t0\tx\t107\t0\tbuy\tmore',
    '\t5\t0\tx\t107\t0\tbuy',
  ])('refuses %j', (row) => {
    expect(parseTradeRow(row)).toBeUndefined();
  });
});
