import { cpuRatio, type LoadResult } from '../load.ts';
import { table } from '../table.ts';
import type { HangFigures } from './hang.ts';

type Column<Row> = readonly [title: string, cell: (row: Row) => string];

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

const load: readonly Column<LoadResult>[] = [
  ['answers/s', ({ medians }) => whole(medians.perSecond)],
  ['per s of CPU', ({ medians }) => whole(medians.perCpuSecond)],
  ['p50 ms', ({ medians }) => ms(medians.p50)],
  ['p99 ms', ({ medians }) => ms(medians.p99)],
  ['longest ms', ({ medians }) => ms(medians.longest)],
];

export function loadTable(results: readonly LoadResult[]): string {
  return tableOf(results, [...load, ['checks of Redis/s', ({ medians }) => medians.counted.toFixed(1)]]);
}

export function hungLoadTable(results: readonly LoadResult[]): string {
  return tableOf(results, [...load, ['503', ({ medians }) => `${(100 * medians.refused).toFixed(0)} %`]]);
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

function tableOf<Row extends { readonly name: string }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  const titles = ['', ...columns.map(([title]) => title)];
  return table([titles, ...rows.map((row) => [row.name, ...columns.map(([, cell]) => cell(row))])]);
}
