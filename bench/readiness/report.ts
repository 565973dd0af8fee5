import { cpuRatio, type LoadResult } from '../load.ts';
import { loadColumns, ms, tableOf, whole } from '../load-table.ts';
import type { HangFigures } from './hang.ts';

export function loadTable(results: readonly LoadResult[]): string {
  return tableOf(results, [
    ...loadColumns,
    ['checks of Redis/s', ({ medians }) => medians.counted.toFixed(1)],
  ]);
}

export function hungLoadTable(results: readonly LoadResult[]): string {
  return tableOf(results, [
    ...loadColumns,
    ['503', ({ medians }) => `${(100 * medians.refused).toFixed(0)} %`],
  ]);
}

export function hangTable(figures: readonly HangFigures[]): string {
  return tableOf(figures, [
    ['p50 ms', ({ p50 }) => ms(p50)],
    ['longest ms', ({ longest }) => ms(longest)],
    ['probes', ({ probes }) => whole(probes)],
    ['first 503 after', ({ noticedAfter }) => `${(noticedAfter / 1_000).toFixed(1)} s`],
  ]);
}

/** What the one does with a second of processor time, as multiples of what the others do. */
export function ratios(one: LoadResult, others: readonly LoadResult[]): string {
  const all = others.map((other) => `${cpuRatio(one, other).toFixed(2)} × ${other.name}`);
  return `${one.name}, per s of CPU: ${all.join('; ')}`;
}
