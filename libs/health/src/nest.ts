export { HealthModule } from './health.module.js';
export type { HealthModuleOptions } from './health.options.js';
export { HealthRegistry, type HealthIndicator, type IndicatorOptions } from './health-registry.js';
