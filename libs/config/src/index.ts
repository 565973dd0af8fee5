export { developmentSecretKey } from './development-key.js';
export { processSource, type ConfigSource } from './config-source.js';
export { ConfigurationError, type Finding } from './configuration-error.js';
export { formatDuration, parseDuration } from './duration.js';
export { renderFindings } from './render-findings.js';
export { readListenAddresses, type ListenAddresses } from './listen-addresses.js';
export { flagValue, nodeFlags } from './node-flags.js';
export { configCategories, loadConfig, type LoadedConfig } from './load-config.js';
export { renderConfigurationReference } from './reference/render-reference.js';
export { secretsOf } from './secrets-of.js';
export { readWorkerSettings, type WorkerSettings } from './worker-settings.js';
export type {
  AppConfig,
  Config,
  ConfigCategory,
  DatastoresConfig,
  HealthConfig,
  IngestConfig,
  LifetimeConfig,
  LogLevel,
  LoggingConfig,
  PerformanceConfig,
  SecurityConfig,
} from './config.js';
