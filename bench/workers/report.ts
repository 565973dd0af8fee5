import { cpuRatio, type LoadResult, ratio } from '../load.ts';
import { type Column, loadColumns, tableOf } from '../load-table.ts';

const columns: readonly Column<LoadResult>[] = [
  ...loadColumns,
  ['CPUs', ({ medians }) => medians.processors.toFixed(2)],
  ["client's CPUs", ({ medians }) => medians.clientProcessors.toFixed(2)],
  ['µs of the first process', ({ medians }) => medians.parentMicroseconds.toFixed(1)],
];

export function loadTable(results: readonly LoadResult[]): string {
  return tableOf(results, columns);
}

/** The workers of the supervisor, in the middle, as multiples of the others; node:cluster's come last. */
export function ratios(results: readonly LoadResult[]): string {
  const [one, two, plain] = results;
  if (one === undefined || two === undefined || plain === undefined) return '';
  const all = [one, plain].map((other) => {
    const answers = ratio(two, other, 'perSecond');
    return `${cpuRatio(two, other).toFixed(2)} × ${other.name} (answers/s ${answers.toFixed(2)} ×)`;
  });
  return `${two.name}, per s of CPU: ${all.join('; ')}`;
}
