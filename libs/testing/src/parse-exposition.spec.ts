import { describe, expect, it } from 'vitest';
import { parseExposition } from './parse-exposition.js';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const up = ['# HELP up Whether.', '# TYPE up gauge'];
const asked = ['# HELP asked_total How often.', '# TYPE asked_total counter'];

describe('parseExposition', () => {
  it('reads families with their samples', () => {
    const given = text(
      ...up,
      String.raw`up{worker="1",text="a \"b\" \\ \n{c}, d"} 1`,
      'up +Inf',
      ...asked,
      '# HELP took_seconds How long.',
      '# TYPE took_seconds histogram',
      'took_seconds_bucket{le="0.1"} 1',
      'took_seconds_bucket{le="+Inf"} 2',
      'took_seconds_sum 1.5e-1',
      'took_seconds_count 2',
    );
    expect(parseExposition(given)).toEqual([
      {
        name: 'up',
        help: 'Whether.',
        type: 'gauge',
        samples: [
          { name: 'up', labels: { worker: '1', text: 'a "b" \\ \n{c}, d' }, value: 1 },
          { name: 'up', labels: {}, value: Infinity },
        ],
      },
      { name: 'asked_total', help: 'How often.', type: 'counter', samples: [] },
      {
        name: 'took_seconds',
        help: 'How long.',
        type: 'histogram',
        samples: [
          { name: 'took_seconds_bucket', labels: { le: '0.1' }, value: 1 },
          { name: 'took_seconds_bucket', labels: { le: '+Inf' }, value: 2 },
          { name: 'took_seconds_sum', labels: {}, value: 0.15 },
          { name: 'took_seconds_count', labels: {}, value: 2 },
        ],
      },
    ]);
  });

  it.each([
    ['a last line that does not end', `${text(...up)}up 1`, 'does not end'],
    ['help without a type', text('# HELP up Whether.', 'up 1'), 'No type follows'],
    ['the type of another name', text('# HELP up Whether.', '# TYPE down gauge'), 'No type follows'],
    ['a type that there is not', text('# HELP up Whether.', '# TYPE up gouge'), 'No type follows'],
    ['help twice', text(...up, 'up 1', ...up), 'Twice: up'],
    ['a sample before its family', text('up 1', ...up), 'Not in its family'],
    ['samples of a name in two places', text(...up, ...asked, 'up{worker="1"} 1'), 'Not in its family'],
    ['a sample twice', text(...up, 'up{a="1",b="2"} 1', 'up{b="2",a="1"} 0'), 'Twice: up a="1" b="2"'],
    ['a label twice', text(...up, 'up{a="1",a="2"} 1'), 'A label twice'],
    ['the suffix of a histogram at a gauge', text(...up, 'up_sum 1'), 'Not in its family'],
    ['a histogram without a suffix', text('# HELP t T.', '# TYPE t histogram', 't 1'), 'Not in its family'],
    ['a counter below zero', text(...asked, 'asked_total -1'), 'Not in its family'],
    ['a quote in a label', text(...up, 'up{a="b"c"} 1'), 'Neither help nor type nor sample'],
    [
      'an escape that there is not',
      text(...up, String.raw`up{a="\t"} 1`),
      'Neither help nor type nor sample',
    ],
    ['no value', text(...up, 'up'), 'Neither help nor type nor sample'],
    ['null for a value', text(...up, 'up null'), 'Neither help nor type nor sample'],
    ['the infinite by another name', text(...up, 'up Infinity'), 'Neither help nor type nor sample'],
    ['an empty line', text(...up, '', 'up 1'), 'Neither help nor type nor sample'],
  ])('refuses %s', (_, given, message) => {
    expect(() => parseExposition(given)).toThrow(message);
  });
});
