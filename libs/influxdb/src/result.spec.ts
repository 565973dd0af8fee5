import { describe, expect, it } from 'vitest';
import { InfluxQueryError, NotInfluxdbError } from './errors.js';
import { parseResults } from './result.js';

describe('parseResults', () => {
  it('keeps numbers and booleans as the text they were, and leaves strings alone', () => {
    const values = [
      [-1, 9223372036854775807n, '0.1', '1e+21', '-2.5E-7'],
      ['"12,34"', '"\\"7\\", 8 \\\\"', '"true"', '"\\u0031"', 'null'],
      ['true', 'false', '0', '-0', '""'],
    ];
    const rows = values.map((cells) => `[${cells.join(',')}]`).join(',');
    const body = `{"results":[{"statement_id":0,"series":[{"name":"m 1","tags":{"t":"2"},"columns":["time","3"],"values":[${rows}]}]},{"statement_id":1}]}`;

    expect(parseResults(body)).toEqual([
      [
        {
          name: 'm 1',
          tags: { t: '2' },
          columns: ['time', '3'],
          rows: [
            ['-1', '9223372036854775807', '0.1', '1e+21', '-2.5E-7'],
            ['12,34', '"7", 8 \\', 'true', '1', null],
            ['true', 'false', '0', '-0', ''],
          ],
        },
      ],
      [],
    ]);
  });

  it('reads a text of many megabytes', () => {
    const text = 'a\\"1'.repeat(2_000_000);
    const [[series] = []] = parseResults(
      `{"results":[{"series":[{"columns":["v"],"values":[["${text}"]]}]}]}`,
    );

    expect(series?.rows[0]?.[0]).toBe('a"1'.repeat(2_000_000));
  });

  it.each([
    [
      'an error of one statement',
      '{"results":[{"statement_id":0},{"statement_id":1,"error":"no"}]}',
      InfluxQueryError,
    ],
    ['an error of the whole', '{"error":"no"}', InfluxQueryError],
    [
      'series that are cut off',
      '{"results":[{"series":[{"columns":["v"],"values":[[1]],"partial":true}]}]}',
      InfluxQueryError,
    ],
    ['a result that is cut off', '{"results":[{"series":[],"partial":true}]}', InfluxQueryError],
    ['another JSON', '{"status":"ok"}', NotInfluxdbError],
    ['half a body', '{"results":[{"series"', NotInfluxdbError],
    ['a page', '<h1>It works</h1>', NotInfluxdbError],
  ])('throws for %s', (_name, body, type) => {
    expect(() => parseResults(body)).toThrow(type);
  });
});
