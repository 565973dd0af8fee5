import { describe, expect, it } from 'vitest';
import { cursorAfter, symbolOfCursor } from './instrument-cursor.js';

describe('symbolOfCursor', () => {
  it.each(['A', 'EUR-USD', 'BRK.B', 'X'.repeat(32)])('gives back the symbol %s', (symbol) => {
    expect(symbolOfCursor(cursorAfter(symbol))).toBe(symbol);
  });

  it.each(['', 'EUR-USD', '!!!!', cursorAfter('eur'), `${cursorAfter('EUR')}=`, cursorAfter('A\0')])(
    'refuses %j',
    (cursor) => {
      expect(symbolOfCursor(cursor)).toBeUndefined();
    },
  );
});
