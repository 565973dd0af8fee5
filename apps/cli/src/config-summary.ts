import { type Config, formatDuration } from '@app/config';

/** The settings in effect by the names of their variables; a secret is only `set` or `not set`. */
export type ConfigSummary = Readonly<Record<string, string>>;

/** What is in effect, and what an operator looks at first. It holds no secret: URLs are without their credentials. */
export function summaryOf(config: Config): ConfigSummary {
  const { app, datastores, security, performance, health, lifetime, logging } = config;
  const { influxdb } = datastores;
  const { pool } = performance;
  return {
    NODE_ENV: app.env,
    APP_NAME: app.name,
    HOST: app.host,
    PORT: String(app.port),
    MANAGEMENT_HOST: app.managementHost,
    MANAGEMENT_PORT: String(app.managementPort),
    DATABASE_URL: withoutCredentials(datastores.databaseUrl),
    REDIS_URL: withoutCredentials(datastores.redisUrl),
    INFLUXDB_URL: withoutCredentials(influxdb.url),
    INFLUXDB_API: influxdb.api,
    INFLUXDB_DATABASE: influxdb.database,
    INFLUXDB_TOKEN: presence(influxdb.token),
    INFLUXDB_PASSWORD: presence(influxdb.password),
    DATASTORE_CA: presence(datastores.ca),
    SECRET_KEY: presence(security.secretKey),
    SECRET_KEY_PREVIOUS: presence(security.secretKeyPrevious),
    RATE_LIMIT: String(security.rateLimit),
    HEALTH_DETAILS: security.healthDetails,
    HEALTH_CRITICAL: health.critical.join(','),
    WORKER_PROCESSES: String(performance.workerProcesses),
    DB_POOL_SIZE: String(pool.size),
    DB_MAX_OVERFLOW: String(pool.maxOverflow),
    REDIS_MAX_CONNECTIONS: String(performance.redisMaxConnections),
    CAPACITY_CHECK: performance.capacityCheck,
    INIT_WAIT: lifetime.initWait,
    STARTUP_TIMEOUT: formatDuration(lifetime.startupTimeoutMs),
    SHUTDOWN_DRAIN_DELAY: formatDuration(lifetime.shutdownDrainDelayMs),
    SHUTDOWN_TIMEOUT: formatDuration(lifetime.shutdownTimeoutMs),
    LOG_LEVEL: logging.level,
    LOG_FORMAT: logging.format,
    LOG_FILE: logging.file ?? 'off',
  };
}

/** One line for each setting, the values below each other. */
export function renderSummary(summary: ConfigSummary): string {
  const width = Math.max(...Object.keys(summary).map((name) => name.length)) + 2;
  return Object.entries(summary)
    .map(([name, value]) => `${name.padEnd(width)}${value}`)
    .join('\n');
}

function presence(secret: string | undefined): string {
  return secret === undefined ? 'not set' : 'set';
}

function withoutCredentials(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
