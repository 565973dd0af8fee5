import type { DatastoreName } from '@app/errors';
import type { Datastore } from '@app/lifecycle';
import { type MetricFamily, type MetricsCollector, samplesOf } from '../metric-family.js';
import { influxdbStats } from './influxdb-stats.js';
import { postgresStats } from './postgres-stats.js';
import { redisStats } from './redis-stats.js';
import type { StatFamilies } from './stat-families.js';

const families: Readonly<Record<DatastoreName, StatFamilies>> = {
  postgres: postgresStats,
  redis: redisStats,
  influxdb: influxdbStats,
};

/** The connections and counters of the datastores' clients. */
export function datastoreClientsCollector(
  clients: readonly Pick<Datastore, 'name' | 'stats'>[],
): MetricsCollector {
  return () =>
    clients.flatMap((client) => {
      const stats = client.stats();
      return Object.entries(families[client.name]).map(([stat, family]): MetricFamily => ({
        ...family,
        samples: samplesOf(stats[stat]),
      }));
    });
}
