import type { LoadResult } from './load.ts';
import { table } from './table.ts';

export type Column<Row> = readonly [title: string, cell: (row: Row) => string];

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** What a load comes to, in medians. */
export const loadColumns: readonly Column<LoadResult>[] = [
  ['answers/s', ({ medians }) => whole(medians.perSecond)],
  ['per s of CPU', ({ medians }) => whole(medians.perCpuSecond)],
  ['p50 ms', ({ medians }) => ms(medians.p50)],
  ['p99 ms', ({ medians }) => ms(medians.p99)],
  ['longest ms', ({ medians }) => ms(medians.longest)],
];

/** A line for each row, below the titles. */
export function tableOf<Row extends { readonly name: string }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  const titles = ['', ...columns.map(([title]) => title)];
  return table([titles, ...rows.map((row) => [row.name, ...columns.map(([, cell]) => cell(row))])]);
}
