import type { StatFamilies } from './stat-families.js';

/** The calls of this process to InfluxDB. */
export const influxdbStats: StatFamilies = {
  inFlight: {
    name: 'influxdb_client_calls_in_flight',
    type: 'gauge',
    help: 'Calls that InfluxDB has not answered yet.',
  },
  writes: {
    name: 'influxdb_client_writes_total',
    type: 'counter',
    help: 'Writes to InfluxDB that were begun.',
  },
  queries: {
    name: 'influxdb_client_queries_total',
    type: 'counter',
    help: 'Queries of InfluxDB that were begun.',
  },
  linesWritten: {
    name: 'influxdb_client_lines_written_total',
    type: 'counter',
    help: 'Lines that InfluxDB has confirmed.',
  },
  failures: {
    name: 'influxdb_client_failures_total',
    type: 'counter',
    help: 'Calls to InfluxDB that have failed, whatever for.',
  },
};
