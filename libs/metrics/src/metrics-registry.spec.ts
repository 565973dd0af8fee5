import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLogger } from '@app/logging';
import { parseExposition, waitFor } from '@app/testing';
import { Counter } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { exposition } from './exposition.js';
import type { MetricFamily } from './metric-family.js';
import { MetricsRegistry } from './metrics-registry.js';

function metricsOf(worker = 1) {
  const logger = silentLogger();
  const metrics = new MetricsRegistry({ worker, logger });
  const read = async () => parseExposition(exposition(await metrics.collect()).body);
  const samples = async (name: string) =>
    (await read()).find((family) => family.name === name)?.samples ?? [];
  return { metrics, logger, read, samples };
}

const queue = (length: number, name = 'queue_length'): readonly MetricFamily[] => [
  { name, type: 'gauge', help: 'How many wait.', samples: [{ value: length }] },
];

describe('MetricsRegistry', () => {
  it('puts the number of the worker on every sample', async () => {
    const { metrics, read } = metricsOf(3);
    metrics.register(() => queue(7));
    const samples = (await read()).flatMap((family) => family.samples);
    expect(samples.filter(({ labels }) => labels['worker'] !== '3')).toEqual([]);
    expect(samples).toContainEqual({ name: 'queue_length', labels: { worker: '3' }, value: 7 });
  });

  it('has the usual metrics of a process, none of them named as what it is not', async () => {
    const families = await metricsOf().read();
    const types = new Map(families.map(({ name, type }) => [name, type]));
    expect([...types].filter(([name, type]) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
    expect([...types.keys()]).toEqual(
      expect.arrayContaining([
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'process_open_fds',
        'nodejs_eventloop_lag_p99_seconds',
        'nodejs_heap_size_used_bytes',
        'nodejs_heap_size_limit_bytes',
        'nodejs_gc_duration_seconds',
      ]),
    );
  });

  it('counts what a module counts with prom-client', async () => {
    const { metrics, samples } = metricsOf();
    const counter = new Counter({
      name: 'trades_total',
      help: 'Trades.',
      labelNames: ['kind'],
      registers: [metrics.registry],
    });
    counter.inc({ kind: 'late' }, 2);
    expect(await samples('trades_total')).toEqual([
      { name: 'trades_total', labels: { kind: 'late', worker: '1' }, value: 2 },
    ]);
  });

  it('hides nothing for a collector that fails, and tells of it once until it works again', async () => {
    const { metrics, logger, samples } = metricsOf();
    const told = vi.spyOn(logger, 'error');
    let broken = true;
    metrics.register(() => {
      if (broken) throw new Error('no figures');
      return queue(1);
    });
    metrics.register(() => queue(2, 'other_length'));
    const lengths = async () =>
      [await samples('queue_length'), await samples('other_length')].map((all) => all.length);
    const failing = await lengths();
    const toldWhileFailing = told.mock.calls.length;
    broken = false;
    const working = await lengths();
    broken = true;
    await lengths();
    expect([failing, toldWhileFailing, working, told.mock.calls.length]).toEqual([[0, 1], 1, [1, 1], 2]);
  });

  it('counts every collection of garbage, also those of one turn', async () => {
    const { samples } = metricsOf();
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const majors = async (): Promise<number> => {
      const counted = (await samples('nodejs_gc_duration_seconds')).find(
        ({ name, labels }) => name.endsWith('_count') && labels['kind'] === 'major',
      );
      return counted?.value ?? Number.NaN;
    };
    const before = await majors();
    for (let times = 0; times < 5; times += 1) collectGarbage();
    await waitFor(async () => (await majors()) >= before + 5);
    expect(before).not.toBeNaN();
  });
});
