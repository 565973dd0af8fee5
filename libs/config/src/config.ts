import type { DatastoreName } from '@app/errors';

/** All durations are in milliseconds, all sizes in bytes. A secret is a plain string; it must never be printed. */
export interface DatastoresConfig {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly influxdb: {
    readonly url: string;
    readonly api: 'auto' | 'v1' | 'v2';
    /** Database of API v1, bucket of API v2. */
    readonly database: string;
    readonly org: string | undefined;
    readonly token: string | undefined;
    readonly username: string | undefined;
    readonly password: string | undefined;
  };
  /** Certificates in PEM that all three datastores' certificates are checked against. */
  readonly ca: string | undefined;
}

export interface AppConfig {
  readonly env: 'development' | 'production' | 'test';
  readonly name: string;
  readonly debug: boolean;
  readonly host: string;
  readonly port: number;
  readonly managementHost: string;
  readonly managementPort: number;
  readonly bodyLimit: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}

export interface SecurityConfig {
  readonly secretKey: string;
  readonly secretKeyPrevious: string | undefined;
  readonly corsOrigins: readonly string[];
  /** Requests per client and minute; 0 switches it off. */
  readonly rateLimit: number;
  /** Hops, or networks in CIDR notation, or undefined for none. */
  readonly trustProxy: number | readonly string[] | undefined;
  readonly healthDetails: 'always' | 'authorized';
}

export interface PerformanceConfig {
  readonly workerProcesses: number | 'auto';
  readonly workerStuckTimeoutMs: number;
  readonly pool: {
    readonly size: number;
    readonly maxOverflow: number;
    /** Maximum age of a connection in milliseconds; undefined is never. */
    readonly recycleMs: number | undefined;
    readonly prePing: boolean;
    readonly prePingIdleMs: number;
    readonly timeoutMs: number;
    readonly statementTimeoutMs: number;
  };
  readonly redisMaxConnections: number;
  readonly redisConnectionTimeoutMs: number;
  readonly memoryHeadroomPercent: number;
  readonly capacityCheck: 'enforce' | 'warn' | 'off';
}

export interface HealthConfig {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly critical: readonly DatastoreName[];
}

export interface LifetimeConfig {
  readonly initWait: 'file' | 'database' | 'none';
  readonly initStatusFile: string;
  /** undefined: nothing is seeded. */
  readonly initSeedFile: string | undefined;
  readonly startupTimeoutMs: number;
  readonly shutdownDrainDelayMs: number;
  readonly shutdownTimeoutMs: number;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface LoggingConfig {
  readonly level: LogLevel;
  readonly format: 'pretty' | 'json';
  /** Folder of backend_startup.log and init.log; undefined is off. */
  readonly dir: string | undefined;
  /** The application's log file; undefined is off. */
  readonly file: string | undefined;
}

export interface IngestConfig {
  readonly maxBacklog: number;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly durability: 'aof' | 'memory';
}

/** The whole environment, by category. */
export interface Config {
  readonly datastores: DatastoresConfig;
  readonly app: AppConfig;
  readonly security: SecurityConfig;
  readonly performance: PerformanceConfig;
  readonly health: HealthConfig;
  readonly lifetime: LifetimeConfig;
  readonly logging: LoggingConfig;
  readonly ingest: IngestConfig;
}

export type ConfigCategory = keyof Config;
