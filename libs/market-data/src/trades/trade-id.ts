/**
 * The ids that trades have inside. A client's id stands as it is, with a `~` before it where it begins with one;
 * a trade that came without gets `~`, 21 letters and digits of its batch and 5 digits of its place in it. So the two
 * cannot meet, and made-up ids sort in the order of arrival.
 */
const mark = '~';

const printableAscii = /^[ -~]{1,64}$/;
/** No control characters, line or paragraph separators, or lone surrogates; 1 to 64 characters, not UTF-16 units. */
const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u;

/** The inside form of a client's id; undefined when it is not 1 to 64 printable characters. */
export function storedTradeId(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  if (!printableAscii.test(given) && !printable.test(given)) return undefined;
  return given.startsWith(mark) ? mark + given : given;
}

/** The id that the client gave, or null for a made-up one. */
export function givenTradeId(stored: string): string | null {
  if (!stored.startsWith(mark)) return stored;
  return stored.startsWith(mark, 1) ? stored.slice(1) : null;
}

/** The made-up id of a trade, by its batch's nonce and its place in the batch, up to 99,999. */
export function madeUpTradeId(nonce: string, index: number): string {
  return mark + nonce + String(index).padStart(5, '0');
}

const digitsOnly = /^[0-9]+$/;

/**
 * A key of ASCII letters and digits by which trades of one timestamp sort: ids of digits only first, by number, then
 * by bytes; then all others by the bytes of their UTF-8; then trades without an id, by arrival. Lower-case hex
 * keeps its order also where strings are compared by locale, as Redis' Lua does.
 */
export function tradeOrderKey(stored: string): string {
  const id = givenTradeId(stored);
  if (id === null) return `2${stored.slice(1)}`;
  if (!digitsOnly.test(id)) return `1${Buffer.from(id, 'utf8').toString('hex')}`;
  const number = id.startsWith('0') ? id.replace(/^0+/, '') : id;
  return `0${String(number.length).padStart(2, '0')}${number}${id}`;
}
