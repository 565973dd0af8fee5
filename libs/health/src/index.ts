export { type CheckTiming } from './check-loop.js';
export { datastoreSubject, type CheckResult, type CheckSubject } from './check-subject.js';
export {
  HealthAnswers,
  healthPrefix,
  type HealthAnswer,
  type HealthAnswersOptions,
} from './health-answers.js';
export type { HealthBody, HealthPhase, HealthStatus, StartupBody } from './health-body.js';
export type { HealthEntries, HealthEntry } from './health-entry.js';
export { HealthMonitor, type HealthMonitorOptions } from './health-monitor.js';
export { HealthSections, type HealthSection } from './health-sections.js';
