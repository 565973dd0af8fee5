import type { MetricFamily, MetricLabels, MetricType } from './metric-family.js';

/** A family whose samples are lines of text already: what one process gives to another, also as JSON. */
export interface FamilyText {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** In the text format 0.0.4 of Prometheus. */
  readonly lines: readonly string[];
}

/** @param labels Added to each sample; they win over its own. */
export function renderFamily(family: MetricFamily, labels: MetricLabels = {}): FamilyText {
  const { name, type, help, samples } = family;
  const lines = samples.map(
    (sample) =>
      `${sample.name ?? name}${renderLabels({ ...sample.labels, ...labels })} ${renderValue(sample.value)}`,
  );
  return { name, type, help, lines };
}

function renderLabels(labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function renderValue(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
