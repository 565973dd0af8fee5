import type { PerformanceConfig } from '../config.js';
import { workerDefaults } from '../worker-defaults.js';
import { duration, durationOrNever } from './kinds/quantities.js';
import { choice, flag, integer, integerOr } from './kinds/scalars.js';
import { setting, type ValuesOf } from './setting.js';

/** The variables of workers, pools and capacity. */
export const performanceSettings = () => ({
  WORKER_PROCESSES: setting(integerOr(1, 64, 'auto'), {
    meaning: 'Worker processes; `auto` follows the CPU quota of the container',
    example: 'auto',
    development: workerDefaults.development.WORKER_PROCESSES,
    production: workerDefaults.production.WORKER_PROCESSES,
  }),
  WORKER_STUCK_TIMEOUT: setting(duration(), {
    meaning: 'Time without a sign of life after which a worker is replaced',
    example: '30s',
    development: '30s',
    production: '30s',
  }),
  DB_POOL_SIZE: setting(integer(1, 1000), {
    meaning: 'PostgreSQL connections that each worker keeps',
    example: '10',
    development: '5',
    production: '10',
  }),
  DB_MAX_OVERFLOW: setting(integer(0, 1000), {
    meaning: 'PostgreSQL connections of each worker beyond `DB_POOL_SIZE`, closed when they are given back',
    example: '20',
    development: '5',
    production: '20',
  }),
  DB_POOL_RECYCLE: setting(durationOrNever(), {
    meaning: 'Age after which a connection is replaced',
    example: '300',
    development: '300',
    production: '300',
  }),
  DB_POOL_PRE_PING: setting(flag(), {
    meaning: 'Whether a connection is tried before it is used',
    example: 'true',
    development: 'true',
    production: 'true',
  }),
  DB_POOL_PRE_PING_IDLE: setting(duration(0), {
    meaning: 'A connection is only tried when it was idle for this long; 0 tries it every time',
    example: '1s',
    development: '1s',
    production: '1s',
  }),
  DB_POOL_TIMEOUT: setting(duration(), {
    meaning: 'Longest wait for a connection',
    example: '5s',
    development: '5s',
    production: '5s',
  }),
  DB_STATEMENT_TIMEOUT: setting(duration(), {
    meaning: 'Longest time that a statement may run',
    example: '15s',
    development: '8s',
    production: '15s',
  }),
  REDIS_MAX_CONNECTIONS: setting(integer(1, 10_000), {
    meaning: 'Redis connections that each worker may open',
    example: '50',
    development: '10',
    production: '50',
  }),
  REDIS_CONNECTION_TIMEOUT: setting(duration(), {
    meaning: 'Longest time that connecting to Redis may take',
    example: '5',
    development: '5',
    production: '5',
  }),
  MEMORY_HEADROOM_PERCENT: setting(integer(5, 75), {
    meaning: "Part of the container's memory, in percent, that the workers and their supervisor leave free",
    example: '25',
    development: workerDefaults.development.MEMORY_HEADROOM_PERCENT,
    production: workerDefaults.production.MEMORY_HEADROOM_PERCENT,
  }),
  CAPACITY_CHECK: setting(choice('enforce', 'warn', 'off'), {
    meaning: 'What happens at the start when workers, pools and memory do not fit together',
    example: 'enforce',
    development: 'warn',
    production: 'enforce',
  }),
});

export type PerformanceValues = ValuesOf<ReturnType<typeof performanceSettings>>;

export const toPerformanceConfig = (values: PerformanceValues): PerformanceConfig => ({
  workerProcesses: values.WORKER_PROCESSES,
  workerStuckTimeoutMs: values.WORKER_STUCK_TIMEOUT,
  pool: {
    size: values.DB_POOL_SIZE,
    maxOverflow: values.DB_MAX_OVERFLOW,
    recycleMs: values.DB_POOL_RECYCLE === 'never' ? undefined : values.DB_POOL_RECYCLE,
    prePing: values.DB_POOL_PRE_PING,
    prePingIdleMs: values.DB_POOL_PRE_PING_IDLE,
    timeoutMs: values.DB_POOL_TIMEOUT,
    statementTimeoutMs: values.DB_STATEMENT_TIMEOUT,
  },
  redisMaxConnections: values.REDIS_MAX_CONNECTIONS,
  redisConnectionTimeoutMs: values.REDIS_CONNECTION_TIMEOUT,
  memoryHeadroomPercent: values.MEMORY_HEADROOM_PERCENT,
  capacityCheck: values.CAPACITY_CHECK,
});
