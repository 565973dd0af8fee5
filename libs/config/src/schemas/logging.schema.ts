import type { LoggingConfig } from '../config.js';
import { logLevel } from './kinds/log-level.js';
import { choice, text } from './kinds/scalars.js';
import { setting, type ValuesOf } from './setting.js';

/** The variables of the logs. */
export const loggingSettings = () => ({
  LOG_LEVEL: setting(logLevel(), {
    meaning: 'Least severe level that is logged',
    example: 'info',
    development: 'debug',
    production: 'info',
  }),
  LOG_FORMAT: setting(choice('pretty', 'json'), {
    meaning: 'Form of the log on standard output',
    example: 'json',
    development: 'pretty',
    production: 'json',
  }),
  LOG_DIR: setting(text('a path, or off'), {
    meaning: 'Folder of `backend_startup.log` and `init.log`; standard output gets the log too',
    example: '/var/log/trading',
    development: 'off',
    production: '/var/log/trading',
  }),
  LOG_FILE: setting(text('a path, or off'), {
    meaning: 'Log file of the application; standard output gets the log too',
    example: '/var/log/trading/backend.log',
    development: 'off',
    production: '/var/log/trading/backend.log',
  }),
});

export type LoggingValues = ValuesOf<ReturnType<typeof loggingSettings>>;

const unlessOff = (path: string): string | undefined => (path.toLowerCase() === 'off' ? undefined : path);

export const toLoggingConfig = (values: LoggingValues): LoggingConfig => ({
  level: values.LOG_LEVEL,
  format: values.LOG_FORMAT,
  dir: unlessOff(values.LOG_DIR),
  file: unlessOff(values.LOG_FILE),
});
