import { formatDuration } from '../duration.js';
import { crossCheck, type CrossCheck } from './cross-check.js';

/** Rules about the datastores, their checks and the way of a trade. */
export const datastoreRules: readonly CrossCheck[] = [
  crossCheck({
    severity: 'mistake',
    rule: '`INFLUXDB_USERNAME` and `INFLUXDB_PASSWORD` are given together or not at all.',
    variables: ['INFLUXDB_USERNAME', 'INFLUXDB_PASSWORD'],
    find: ({ INFLUXDB_USERNAME: user, INFLUXDB_PASSWORD: password }) =>
      (user === undefined) !== (password === undefined) && {
        problem: 'and INFLUXDB_PASSWORD must both be set, or neither of them',
        example: user === undefined ? 'INFLUXDB_USERNAME=trading' : 'INFLUXDB_PASSWORD=PASSWORD',
      },
  }),
  crossCheck({
    severity: 'warning',
    rule: '`INFLUXDB_TOKEN` has no effect with `INFLUXDB_API=v1`.',
    variables: ['INFLUXDB_TOKEN', 'INFLUXDB_API'],
    find: ({ INFLUXDB_TOKEN: token, INFLUXDB_API: api }) =>
      token !== undefined &&
      api === 'v1' && { problem: 'has no effect with INFLUXDB_API=v1', example: 'INFLUXDB_API=v2' },
  }),
  crossCheck({
    severity: 'warning',
    rule: '`INFLUXDB_USERNAME` has no effect with `INFLUXDB_API=v2`.',
    variables: ['INFLUXDB_USERNAME', 'INFLUXDB_API'],
    find: ({ INFLUXDB_USERNAME: user, INFLUXDB_API: api }) =>
      user !== undefined &&
      api === 'v2' && { problem: 'has no effect with INFLUXDB_API=v2', example: 'INFLUXDB_API=v1' },
  }),
  crossCheck({
    severity: 'warning',
    rule: 'With `INFLUXDB_API=v2`, `INFLUXDB_TOKEN` comes with `INFLUXDB_ORG`. Servers without accounts need neither.',
    variables: ['INFLUXDB_ORG', 'INFLUXDB_TOKEN', 'INFLUXDB_API'],
    find: ({ INFLUXDB_ORG: org, INFLUXDB_TOKEN: token, INFLUXDB_API: api }) =>
      api === 'v2' &&
      token !== undefined &&
      org === undefined && {
        problem: 'is not set, but InfluxDB 2 wants it beside a token',
        example: 'INFLUXDB_ORG=trading',
      },
  }),
  crossCheck({
    severity: 'warning',
    rule: '`HEALTH_CHECK_TIMEOUT` is not longer than `HEALTH_CHECK_INTERVAL`.',
    variables: ['HEALTH_CHECK_TIMEOUT', 'HEALTH_CHECK_INTERVAL'],
    find: ({ HEALTH_CHECK_TIMEOUT: timeout, HEALTH_CHECK_INTERVAL: interval }) =>
      timeout > interval && {
        problem: 'is longer than HEALTH_CHECK_INTERVAL, so that slow checks delay the next ones',
        example: `HEALTH_CHECK_TIMEOUT=${formatDuration(interval)}`,
      },
  }),
  crossCheck({
    severity: 'warning',
    rule: '`DB_STATEMENT_TIMEOUT` is not longer than `REQUEST_TIMEOUT`.',
    variables: ['DB_STATEMENT_TIMEOUT', 'REQUEST_TIMEOUT'],
    find: ({ DB_STATEMENT_TIMEOUT: statement, REQUEST_TIMEOUT: request }) =>
      statement > request && {
        problem: 'is longer than REQUEST_TIMEOUT, so that statements go on for requests that have ended',
        example: `DB_STATEMENT_TIMEOUT=${formatDuration(request)}`,
      },
  }),
  crossCheck({
    severity: 'mistake',
    rule: '`INGEST_BATCH_SIZE` is not larger than `INGEST_MAX_BACKLOG`.',
    variables: ['INGEST_BATCH_SIZE', 'INGEST_MAX_BACKLOG'],
    find: ({ INGEST_BATCH_SIZE: batch, INGEST_MAX_BACKLOG: backlog }) =>
      batch > backlog && {
        problem: `is ${batch}, larger than INGEST_MAX_BACKLOG (${backlog}), so that no batch would fill`,
        example: `INGEST_BATCH_SIZE=${backlog}`,
      },
  }),
];
