import type { MetricFamily } from '../metric-family.js';

/** What each number of a client's `stats()` is called, by its name there. */
export type StatFamilies = Readonly<Record<string, Omit<MetricFamily, 'samples'>>>;
