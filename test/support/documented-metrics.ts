import { readFileSync } from 'node:fs';
import type { ExposedFamily } from '@app/testing';
import { root } from './programs.js';

/** A row of `docs/metrics.md`. */
export interface MetricRow {
  readonly name: string;
  readonly type: string;
  /** In alphabetical order. */
  readonly labels: readonly string[];
  readonly help: string;
}

/** The rows of all tables in the order of their names; those of sections about each worker have its label without saying so. */
export function documentedMetrics({ supervised }: { readonly supervised: boolean }): readonly MetricRow[] {
  const sections = readFileSync(`${root}/docs/metrics.md`, 'utf8').split(/^## /m);
  const wanted = sections.filter((section) => supervised || !section.startsWith('The supervisor'));
  const rows = wanted.flatMap((section) => {
    const ofWorker = section.startsWith('Each worker') ? ['worker'] : [];
    return [...section.matchAll(/^\| `([a-z0-9_]+)` \| (\w+) \| (.*?) \| (.+?) \|$/gm)].map(
      ([, name = '', type = '', labels = '', help = '']) => ({
        name,
        type,
        labels: [...[...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label), ...ofWorker].toSorted(),
        help,
      }),
    );
  });
  return byName(rows);
}

/** What is exposed, as the tables would have it. The labels of a family without a sample are taken from there. */
export function exposedMetrics(
  families: readonly ExposedFamily[],
  documented: readonly MetricRow[],
): readonly MetricRow[] {
  return byName(
    families.map((family) => {
      const { name, type, help } = family;
      const labels = labelsOf(family) ?? documented.find((row) => row.name === name)?.labels ?? [];
      return { name, type, labels: labels.toSorted(), help };
    }),
  );
}

const byName = (rows: readonly MetricRow[]): readonly MetricRow[] =>
  rows.toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** Without the labels that the type itself brings. Undefined where there is no sample to read them of. */
function labelsOf({ samples }: ExposedFamily): readonly string[] | undefined {
  if (samples.length === 0) return undefined;
  return [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))].filter((label) => label !== 'le');
}
