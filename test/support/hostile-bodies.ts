/** As long as the default of BODY_LIMIT lets them be. */
const bytes = 4 * 2 ** 20;

/** A part over and over, as many as fit. */
function filled(start: string, part: (index: number) => string, end: string): Buffer {
  const parts = [start];
  let length = Buffer.byteLength(start) + end.length;
  for (let index = 0; ; index += 1) {
    const next = part(index);
    length += next.length;
    if (length > bytes) break;
    parts.push(next);
  }
  return Buffer.from(parts.join('') + end);
}

const letters = (index: number): string => index.toString(36);

/** Makes bodies that take as many times their size as a client can bring about, by what they are made of. */
export const hostileBodies: Readonly<Record<string, () => Buffer>> = {
  'empty arrays': () => filled('[', () => '[],', '0]'),
  'empty objects': () => filled('[', () => '{},', '0]'),
  'trades without anything': () => filled('{"ticks":[', () => '{},', '{}]}'),
  'nested arrays': () => Buffer.from('['.repeat(bytes / 2) + ']'.repeat(bytes / 2)),
  'arrays that never end': () => Buffer.from('['.repeat(bytes)),
  'objects that never end': () => filled('', () => '{"":', ''),
  numbers: () => filled('[', () => '1,', '0]'),
  'numbers among texts': () => filled('[', () => '1.5,"",', '0]'),
  'short texts': () => filled('[', (index) => `"${letters(index)}",`, '0]'),
  escapes: () => filled('["', () => String.raw`\u1234`, '"]'),
  'different keys': () => filled('{', (index) => `"${letters(index)}":0,`, '"":0}'),
  'keys that are numbers': () => filled('[', (index) => `{"${String(index * 7_919)}":0},`, '0]'),
  'objects of different shapes': () => filled('[', (index) => `{"${letters(index)}":0},`, '0]'),
  'a long text that is not ASCII': () => filled('["Ж', () => 'x', '"]'),
};

/** Two objects for each trade that is rejected, and an answer many times as long as the body. */
export const rejectedTrades = (): Buffer => Buffer.from(`{"ticks":[${Array(10_000).fill('{}').join(',')}]}`);
