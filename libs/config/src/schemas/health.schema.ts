import { datastoreNames } from '@app/errors';
import type { HealthConfig } from '../config.js';
import { namesOf } from './kinds/lists.js';
import { duration } from './kinds/quantities.js';
import { integer } from './kinds/scalars.js';
import { setting, type ValuesOf } from './setting.js';

/** The variables of the background checks of the datastores. */
export const healthSettings = () => ({
  HEALTH_CHECK_INTERVAL: setting(duration(), {
    meaning: 'Time between two checks of a datastore',
    example: '10s',
    development: '5s',
    production: '10s',
  }),
  HEALTH_CHECK_TIMEOUT: setting(duration(), {
    meaning: 'Time after which a check has failed',
    example: '2s',
    development: '2s',
    production: '2s',
  }),
  HEALTH_CHECK_RETRIES: setting(integer(1, 100), {
    meaning: 'Failed checks in a row after which a datastore is down; before, it is degraded',
    example: '3',
    development: '3',
    production: '3',
  }),
  HEALTH_CRITICAL: setting(namesOf('datastores', datastoreNames), {
    meaning: 'Datastores without which the service is not ready; the others only degrade it',
    example: 'postgres,redis',
    development: 'postgres,redis',
    production: 'postgres,redis',
  }),
});

export type HealthValues = ValuesOf<ReturnType<typeof healthSettings>>;

export const toHealthConfig = (values: HealthValues): HealthConfig => ({
  intervalMs: values.HEALTH_CHECK_INTERVAL,
  timeoutMs: values.HEALTH_CHECK_TIMEOUT,
  retries: values.HEALTH_CHECK_RETRIES,
  critical: values.HEALTH_CRITICAL,
});
