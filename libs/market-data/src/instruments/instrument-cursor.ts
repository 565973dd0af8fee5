import { isSymbol } from './instrument.js';

/** The opaque cursor behind which the instruments after this symbol come. */
export function cursorAfter(symbol: string): string {
  return Buffer.from(symbol, 'utf8').toString('base64url');
}

/** The symbol of a cursor, or undefined for a text that `cursorAfter` cannot have made. */
export function symbolOfCursor(cursor: string): string | undefined {
  const symbol = Buffer.from(cursor, 'base64url').toString('utf8');
  return isSymbol(symbol) && cursorAfter(symbol) === cursor ? symbol : undefined;
}
