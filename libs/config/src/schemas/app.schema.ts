import type { AppConfig } from '../config.js';
import { listenDefaults } from '../listen-defaults.js';
import { address } from './kinds/network.js';
import { byteSize, duration } from './kinds/quantities.js';
import { choice, flag, integer, text } from './kinds/scalars.js';
import { setting, type ValuesOf } from './setting.js';

/** The variables of the process and its HTTP servers. */
export const appSettings = () => ({
  NODE_ENV: setting(choice('development', 'production', 'test'), {
    meaning: "Which defaults hold; `test` takes development's",
    example: 'production',
    development: 'development',
    production: 'production',
    shown: { production: 'set by the image and by `start:prod`' },
  }),
  APP_NAME: setting(text(), {
    meaning: 'Name in logs, health bodies and metrics',
    example: 'trading-backend',
    development: 'trading-backend',
    production: 'trading-backend',
  }),
  DEBUG: setting(flag(), {
    meaning: 'More detail for developers; an error in production',
    example: 'false',
    development: 'true',
    production: 'false',
  }),
  HOST: setting(address(), {
    meaning: 'Address of the API',
    example: '0.0.0.0',
    development: listenDefaults.development.HOST,
    production: listenDefaults.production.HOST,
  }),
  PORT: setting(integer(0, 65535), {
    meaning: 'Port of the API; 0 takes a free one',
    example: '8000',
    development: listenDefaults.development.PORT,
    production: listenDefaults.production.PORT,
  }),
  MANAGEMENT_HOST: setting(address(), {
    meaning: 'Address of metrics and probes',
    example: '0.0.0.0',
    development: listenDefaults.development.MANAGEMENT_HOST,
    production: listenDefaults.production.MANAGEMENT_HOST,
  }),
  MANAGEMENT_PORT: setting(integer(0, 65535), {
    meaning: 'Port of metrics and probes; 0 takes a free one',
    example: '8001',
    development: listenDefaults.development.MANAGEMENT_PORT,
    production: listenDefaults.production.MANAGEMENT_PORT,
  }),
  BODY_LIMIT: setting(byteSize(), {
    meaning: 'Largest body of a request',
    example: '4mb',
    development: '4mb',
    production: '4mb',
  }),
  REQUEST_TIMEOUT: setting(duration(), {
    meaning: 'Time within which a whole request must have arrived',
    example: '15s',
    development: '8s',
    production: '15s',
  }),
  KEEP_ALIVE_TIMEOUT: setting(duration(), {
    meaning: 'Time that an idle connection is kept; longer than the idle timeout of a load balancer in front',
    example: '72s',
    development: '72s',
    production: '72s',
  }),
});

export type AppValues = ValuesOf<ReturnType<typeof appSettings>>;

export const toAppConfig = (values: AppValues): AppConfig => ({
  env: values.NODE_ENV,
  name: values.APP_NAME,
  debug: values.DEBUG,
  host: values.HOST,
  port: values.PORT,
  managementHost: values.MANAGEMENT_HOST,
  managementPort: values.MANAGEMENT_PORT,
  bodyLimit: values.BODY_LIMIT,
  requestTimeoutMs: values.REQUEST_TIMEOUT,
  keepAliveTimeoutMs: values.KEEP_ALIVE_TIMEOUT,
});
