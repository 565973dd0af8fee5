import { parseExposition } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { exposition } from './exposition.js';
import { type FamilyText, renderFamily } from './family-text.js';
import type { MetricFamily } from './metric-family.js';

const up: MetricFamily = { name: 'up', type: 'gauge', help: 'Whether.', samples: [{ value: 1 }] };
const asked = (value: number): MetricFamily => ({
  name: 'asked_total',
  type: 'counter',
  help: 'How often.',
  samples: [{ value, labels: { method: 'GET' } }],
});

/** As it comes from another process. */
const sent = (families: readonly MetricFamily[], worker: string): readonly FamilyText[] =>
  JSON.parse(
    JSON.stringify(families.map((family) => renderFamily(family, { worker }))),
  ) as readonly FamilyText[];

describe('exposition', () => {
  it('writes each name once, with the samples of all workers below it', () => {
    const workers = [sent([up, asked(2)], '1'), sent([up, asked(3)], '2')];
    const own = renderFamily({ ...up, name: 'own' });
    expect(exposition([...workers.flat(), own])).toEqual({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: [
        '# HELP up Whether.',
        '# TYPE up gauge',
        'up{worker="1"} 1',
        'up{worker="2"} 1',
        '# HELP asked_total How often.',
        '# TYPE asked_total counter',
        'asked_total{method="GET",worker="1"} 2',
        'asked_total{method="GET",worker="2"} 3',
        '# HELP own Whether.',
        '# TYPE own gauge',
        'own 1',
        '',
      ].join('\n'),
    });
  });

  it('keeps what JSON and the format have no place for', () => {
    const odd: MetricFamily = {
      name: 'odd',
      type: 'gauge',
      help: 'Two\nlines and a \\.',
      samples: [
        { value: Infinity, labels: { text: 'a "b"\n\\c' } },
        { value: -Infinity, labels: { text: 'low' } },
        { value: Number.NaN, labels: { text: 'none' } },
        { value: 1e21, labels: { text: 'much' } },
      ],
    };
    const [family] = parseExposition(exposition(sent([odd], '1')).body);
    expect(family?.help).toBe(String.raw`Two\nlines and a \.`);
    expect(family?.samples.map(({ labels, value }) => [labels['text'], value])).toEqual([
      ['a "b"\n\\c', Infinity],
      ['low', -Infinity],
      ['none', Number.NaN],
      ['much', 1e21],
    ]);
  });

  it('has help and type of a family without a sample', () => {
    expect(exposition([renderFamily({ ...up, samples: [] })]).body).toBe(
      '# HELP up Whether.\n# TYPE up gauge\n',
    );
  });

  it('leaves out what has the name of another and is of another type, as in a build of another version', () => {
    const other: MetricFamily = {
      ...up,
      type: 'histogram',
      samples: [{ name: 'up_sum', value: 1 }],
    };
    const { body } = exposition([...sent([up], '1'), ...sent([other], '2'), ...sent([up], '3')]);
    expect(parseExposition(body)[0]?.samples.map(({ labels }) => labels['worker'])).toEqual(['1', '3']);
  });

  it('lets the labels of the process win', () => {
    const lying = { ...up, samples: [{ value: 1, labels: { worker: '9' } }] };
    expect(renderFamily(lying, { worker: '1' }).lines).toEqual(['up{worker="1"} 1']);
  });
});
