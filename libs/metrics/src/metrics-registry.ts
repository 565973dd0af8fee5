import type { Logger } from '@app/logging';
import { Registry } from 'prom-client';
import { type FamilyText, renderFamily } from './family-text.js';
import type { MetricFamily, MetricsCollector, MetricType } from './metric-family.js';
import { registerProcessMetrics } from './process-metrics.js';

export interface MetricsRegistryOptions {
  /** The number of this process among the workers. */
  readonly worker: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** A source of families; one of prom-client's answers later. */
type Source = () => readonly MetricFamily[] | Promise<readonly MetricFamily[]>;

/**
 * The metrics of this process. A module registers a collector for what it knows anyhow; what has to be counted where it
 * happens is a Counter or Histogram of prom-client that is made with `registers: [metrics.registry]`.
 */
export class MetricsRegistry {
  readonly registry = new Registry();
  readonly #worker: string;
  readonly #logger: Pick<Logger, 'error'>;
  readonly #sources: Source[] = [() => this.#counted()];
  readonly #failing = new Set<Source>();

  constructor({ worker, logger }: MetricsRegistryOptions) {
    this.#worker = String(worker);
    this.#logger = logger;
    registerProcessMetrics(this.registry);
  }

  /** Adds families to each scrape. They get the label `worker` here. */
  register(collector: MetricsCollector): void {
    this.#sources.push(collector);
  }

  /** All families at this moment. One that cannot be read hides no other; the log tells of it once. */
  async collect(): Promise<readonly FamilyText[]> {
    const families = await Promise.all(this.#sources.map((source) => this.#read(source)));
    return families.flat().map((family) => renderFamily(family, { worker: this.#worker }));
  }

  async #read(source: Source): Promise<readonly MetricFamily[]> {
    try {
      const families = await source();
      this.#failing.delete(source);
      return families;
    } catch (err) {
      if (!this.#failing.has(source)) this.#logger.error({ err }, 'Some metrics could not be read.');
      this.#failing.add(source);
      return [];
    }
  }

  async #counted(): Promise<readonly MetricFamily[]> {
    const all = await this.registry.getMetricsAsJSON();
    return all.map(familyOf);
  }
}

/** What prom-client really gives: its types say that the type is a number, and nothing of the names in histograms. */
interface CountedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Partial<Record<string, string | number>>>;
    readonly metricName?: string;
  }[];
}

function familyOf({ name, help, type, values }: CountedMetric): MetricFamily {
  return {
    name,
    help,
    type: String(type) as MetricType,
    samples: values.map(({ value, labels, metricName }) => ({
      value,
      labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, String(label)])),
      ...(metricName === undefined ? {} : { name: metricName }),
    })),
  };
}
