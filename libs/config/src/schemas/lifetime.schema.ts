import type { LifetimeConfig } from '../config.js';
import { duration } from './kinds/quantities.js';
import { choice, text } from './kinds/scalars.js';
import { optionalSetting, setting, type ValuesOf } from './setting.js';

/** The variables of start-up and shutdown. */
export const lifetimeSettings = () => ({
  INIT_WAIT: setting(choice('file', 'database', 'none'), {
    meaning:
      'How the start waits for db-init: by its status file, by the migrations in the database, or not at all',
    example: 'file',
    development: 'database',
    production: 'file',
  }),
  INIT_STATUS_FILE: setting(text('a path'), {
    meaning: 'Status file of db-init',
    example: '/var/lib/db-init/status.json',
    development: '.dev-data/db-init/status.json',
    production: '/var/lib/db-init/status.json',
  }),
  INIT_SEED_FILE: optionalSetting(text('a path'), {
    meaning: 'JSON of instruments that db-init makes sure of',
    example: '/etc/trading/instruments.json',
    development: 'apps/db-init/seed/instruments.json',
  }),
  STARTUP_TIMEOUT: setting(duration(), {
    meaning: 'Longest wait for db-init and the critical datastores at the start',
    example: '60s',
    development: '60s',
    production: '60s',
  }),
  SHUTDOWN_DRAIN_DELAY: setting(duration(0), {
    meaning: 'Time that requests are still taken after the signal, until load balancers have noticed',
    example: '5s',
    development: '0',
    production: '5s',
  }),
  SHUTDOWN_TIMEOUT: setting(duration(), {
    meaning: 'Longest shutdown, from the signal on and with the drain delay; then the process ends by force',
    example: '25s',
    development: '10s',
    production: '25s',
  }),
});

export type LifetimeValues = ValuesOf<ReturnType<typeof lifetimeSettings>>;

export const toLifetimeConfig = (values: LifetimeValues): LifetimeConfig => ({
  initWait: values.INIT_WAIT,
  initStatusFile: values.INIT_STATUS_FILE,
  initSeedFile: values.INIT_SEED_FILE,
  startupTimeoutMs: values.STARTUP_TIMEOUT,
  shutdownDrainDelayMs: values.SHUTDOWN_DRAIN_DELAY,
  shutdownTimeoutMs: values.SHUTDOWN_TIMEOUT,
});
