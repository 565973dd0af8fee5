import type { MetricsCollector } from '../metric-family.js';
import { renderFamily } from '../family-text.js';

/** The samples of a collector as they stand in the text; of the families whose names begin so. */
export function collected(collector: MetricsCollector, begin = ''): readonly string[] {
  return collector()
    .filter(({ name }) => name.startsWith(begin))
    .flatMap((family) => renderFamily(family).lines);
}
