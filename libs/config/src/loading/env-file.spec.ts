import { describe, expect, it } from 'vitest';
import { parseEnvFile } from './env-file.js';

const malformed = (line: number): string =>
  `line ${line} is not NAME=value; a value that holds quotes or # stands in quotes of another sort`;

describe('parseEnvFile', () => {
  it('reads comments, quotes, exports, empty values and line breaks of all systems', () => {
    const content = [
      '\uFEFF# a comment with "a quote',
      'PLAIN=two words  ',
      '  export EXPORTED = yes # why',
      "SINGLE='a # b' # why",
      String.raw`DOUBLE="first\nsecond"`,
      'BACKTICK=`it\'s "both"`',
      'PEM="-----BEGIN-----',
      'abc=',
      '-----END-----"',
      'EMPTY=',
      'COMMENTED= # nothing',
      'URL=postgres://u:p@h/d?a=b&c=$D',
      '',
      'WINDOWS=1\r',
      'LAST=end',
    ].join('\n');
    expect(parseEnvFile(content)).toEqual({
      values: {
        PLAIN: 'two words',
        EXPORTED: 'yes',
        SINGLE: 'a # b',
        DOUBLE: 'first\nsecond',
        BACKTICK: 'it\'s "both"',
        PEM: '-----BEGIN-----\nabc=\n-----END-----',
        EMPTY: '',
        COMMENTED: '',
        URL: 'postgres://u:p@h/d?a=b&c=$D',
        WINDOWS: '1',
        LAST: 'end',
      },
      problems: [],
    });
  });

  it.each([
    ['no equals sign', 'PORT'],
    ['a colon', 'PORT: 8000'],
    ['a name with a dash', 'MY-PORT=1'],
    ['a quote that does not end', 'SECRET_KEY="abc'],
    ['an escaped quote', String.raw`SECRET_KEY="a\"b"`],
    ['text behind a quoted value', 'SECRET_KEY="a" b'],
    ['a # within an unquoted value', 'SECRET_KEY=abc#def'],
  ])('names the line of %s, and reads the others', (_, line) => {
    expect(parseEnvFile(`HOST=a\n\n${line}\nDEBUG=true\n`)).toEqual({
      values: { HOST: 'a', DEBUG: 'true' },
      problems: [malformed(3)],
    });
  });

  it('names a variable that is set more than once, once', () => {
    expect(parseEnvFile('PORT=1\nPORT=2\nHOST=a\nPORT=3\n')).toEqual({
      values: { PORT: '3', HOST: 'a' },
      problems: ['PORT is set more than once'],
    });
  });
});
