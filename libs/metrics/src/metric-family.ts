export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary';

export type MetricLabels = Readonly<Record<string, string>>;

export interface MetricSample {
  readonly value: number;
  readonly labels?: MetricLabels;
  /** Where it is not the family's: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly name?: string;
}

/**
 * All samples of one name. Names follow Prometheus: base units (`_seconds`, `_bytes`, `_ratio`), and `_total` for
 * counters. Values of labels come from small fixed sets, and are never a secret, an address, or what a user has sent.
 */
export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  /** One sentence; `docs/metrics.md` has the same. */
  readonly help: string;
  /** None while there is nothing to tell. */
  readonly samples: readonly MetricSample[];
}

/**
 * Reads families at the moment of a scrape. From memory only: a scrape must not wait for anything, least of all for a
 * datastore.
 */
export type MetricsCollector = () => readonly MetricFamily[];

/** One sample where the value is known, and none where it is not. */
export function samplesOf(value: number | undefined, labels: MetricLabels = {}): readonly MetricSample[] {
  return value === undefined ? [] : [{ value, labels }];
}

/** A sample for each state: 1 for the present one, and 0 for the others. */
export function stateSet<State extends string>(
  label: string,
  states: readonly State[],
  present: State,
  labels: MetricLabels = {},
): readonly MetricSample[] {
  return states.map((state) => ({ value: state === present ? 1 : 0, labels: { ...labels, [label]: state } }));
}

/** Prometheus' unit of time; to the microsecond, which is more than anything here is measured to. */
export const inSeconds = (ms: number): number => Math.round(ms * 1_000) / 1_000_000;
