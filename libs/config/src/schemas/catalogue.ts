import type { Config, ConfigCategory } from '../config.js';
import { appSettings, toAppConfig, type AppValues } from './app.schema.js';
import { datastoresSettings, toDatastoresConfig, type DatastoresValues } from './datastores.schema.js';
import { healthSettings, toHealthConfig, type HealthValues } from './health.schema.js';
import { ingestSettings, toIngestConfig, type IngestValues } from './ingest.schema.js';
import { lifetimeSettings, toLifetimeConfig, type LifetimeValues } from './lifetime.schema.js';
import { loggingSettings, toLoggingConfig, type LoggingValues } from './logging.schema.js';
import { performanceSettings, toPerformanceConfig, type PerformanceValues } from './performance.schema.js';
import { securitySettings, toSecurityConfig, type SecurityValues } from './security.schema.js';
import type { Settings } from './setting.js';

/** The values of all variables by name, once they are validated. */
export interface Values
  extends
    DatastoresValues,
    AppValues,
    SecurityValues,
    PerformanceValues,
    HealthValues,
    LifetimeValues,
    LoggingValues,
    IngestValues {}

export type VariableName = keyof Values;

/** The schemas of all variables by category, in the order of the reference. */
export const buildCatalogue = () =>
  ({
    datastores: datastoresSettings(),
    app: appSettings(),
    security: securitySettings(),
    performance: performanceSettings(),
    health: healthSettings(),
    lifetime: lifetimeSettings(),
    logging: loggingSettings(),
    ingest: ingestSettings(),
  }) satisfies Readonly<Record<ConfigCategory, Settings>>;

/** How the values of a category become its part of the configuration. */
export const configBuilders: { readonly [C in ConfigCategory]: (values: Values) => Config[C] } = {
  datastores: toDatastoresConfig,
  app: toAppConfig,
  security: toSecurityConfig,
  performance: toPerformanceConfig,
  health: toHealthConfig,
  lifetime: toLifetimeConfig,
  logging: toLoggingConfig,
  ingest: toIngestConfig,
};
