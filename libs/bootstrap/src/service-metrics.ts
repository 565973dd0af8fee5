import { readContainerLimits } from '@app/container';
import { containerFamilies, exposition, type FamilyText, type MetricsText, renderFamily } from '@app/metrics';

/**
 * What `/metrics` answers of a service.
 * @param families Of its processes: one that serves alone, or all workers.
 */
export function serviceMetrics(families: readonly FamilyText[]): MetricsText {
  const container = containerFamilies(readContainerLimits()).map((family) => renderFamily(family));
  return exposition([...families, ...container]);
}
