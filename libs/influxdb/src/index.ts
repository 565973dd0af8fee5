export { InfluxQueryError, InfluxWriteError, NotInfluxdbError, influxErrors } from './errors.js';
export { influxFailureReason } from './failure-reason.js';
export { InfluxClient } from './influx-client.js';
export { quoteIdentifier, quoteString } from './influxql.js';
export { escapeMeasurement, escapeString, escapeTag } from './line-protocol.js';
export { influxClientOptions, type InfluxApi, type InfluxClientOptions } from './options.js';
export type { InfluxCell, InfluxResult, InfluxSeries } from './result.js';
