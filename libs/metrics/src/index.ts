export { containerFamilies } from './container-families.js';
export { exposition } from './exposition.js';
export { renderFamily, type FamilyText } from './family-text.js';
export { gatherFamilies, type FamilySource, type GatheredFamilies } from './gather-families.js';
export { isLasting, LastingCounters } from './lasting-counters.js';
export type { ManagementAnswer, ManagementAnswers, MetricsText } from './management-answer.js';
export { createManagementServer, type ManagementServerOptions } from './management-server.js';
export {
  inSeconds,
  samplesOf,
  stateSet,
  type MetricFamily,
  type MetricLabels,
  type MetricSample,
  type MetricsCollector,
  type MetricType,
} from './metric-family.js';
