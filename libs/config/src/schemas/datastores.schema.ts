import type { DatastoresConfig } from '../config.js';
import { influxdbUrl, postgresUrl, redisUrl } from './kinds/datastore-url.js';
import { choice, text } from './kinds/scalars.js';
import { certificates } from './kinds/secrets.js';
import { optionalSetting, setting, type ValuesOf } from './setting.js';

const fromDevelopmentServices = {
  shown: { development: 'from development services (`npm start`)' },
  whenMissing: '"npm start" brings up development services and sets it',
};

/** The variables of the three datastores. */
export const datastoresSettings = () => ({
  DATABASE_URL: setting(postgresUrl(), {
    meaning: 'PostgreSQL. `sslmode` is `disable`, `require` or `verify-full`',
    example: 'postgres://trading:PASSWORD@postgres:5432/trading',
    secret: true,
    ...fromDevelopmentServices,
  }),
  REDIS_URL: setting(redisUrl(), {
    meaning: 'Redis',
    example: 'redis://:PASSWORD@redis:6379/0',
    secret: true,
    ...fromDevelopmentServices,
  }),
  INFLUXDB_URL: setting(influxdbUrl(), {
    meaning: 'InfluxDB, without credentials',
    example: 'http://influxdb:8086',
    secret: true,
    ...fromDevelopmentServices,
  }),
  INFLUXDB_API: setting(choice('auto', 'v1', 'v2'), {
    meaning: 'API that InfluxDB is spoken to with; `auto` asks the server',
    example: 'auto',
    development: 'auto',
    production: 'auto',
  }),
  INFLUXDB_DATABASE: setting(text('a name'), {
    meaning: 'Database (v1) or bucket (v2)',
    example: 'trading',
    development: 'trading',
    production: 'trading',
  }),
  INFLUXDB_ORG: optionalSetting(text('a name'), {
    meaning: 'Organization (v2)',
    example: 'trading',
  }),
  INFLUXDB_TOKEN: optionalSetting(text(), {
    meaning: 'Token (v2)',
    example: 'TOKEN',
    secret: true,
  }),
  INFLUXDB_USERNAME: optionalSetting(text('a name'), {
    meaning: 'User (v1)',
    example: 'trading',
  }),
  INFLUXDB_PASSWORD: optionalSetting(text(), {
    meaning: 'Password (v1)',
    example: 'PASSWORD',
    secret: true,
  }),
  DATASTORE_CA: optionalSetting(certificates(), {
    meaning: 'Authorities that the certificates of all three datastores are checked against',
    example: '$(cat /run/secrets/ca.pem)',
  }),
});

export type DatastoresValues = ValuesOf<ReturnType<typeof datastoresSettings>>;

export const toDatastoresConfig = (values: DatastoresValues): DatastoresConfig => ({
  databaseUrl: values.DATABASE_URL,
  redisUrl: values.REDIS_URL,
  influxdb: {
    url: values.INFLUXDB_URL,
    api: values.INFLUXDB_API,
    database: values.INFLUXDB_DATABASE,
    org: values.INFLUXDB_ORG,
    token: values.INFLUXDB_TOKEN,
    username: values.INFLUXDB_USERNAME,
    password: values.INFLUXDB_PASSWORD,
  },
  ca: values.DATASTORE_CA,
});
