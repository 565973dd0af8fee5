import type { ServiceApplication, ServiceContext } from '@app/bootstrap';
import { createApplication } from '@app/bootstrap/nest';
import { HealthSections } from '@app/health';
import { InfluxClient } from '@app/influxdb';
import { MetricsRegistry } from '@app/metrics/nest';
import { appliedMigrations, knownMigrations, PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { AppModule } from './app.module.js';
import { domainSchema } from './domain.js';

/** Loads Nest with all modules, and says which migrations the start has to wait for. */
export async function loadApplication(context: ServiceContext): Promise<ServiceApplication> {
  const { nest, handler, close } = await createApplication(AppModule.forRoot(context), context);
  const postgres = nest.get(PostgresClient);
  const datastores = [postgres, nest.get(RedisClient), nest.get(InfluxClient)];
  const metrics = nest.get(MetricsRegistry);
  nest.get(HealthSections).register('workers', () => context.workers());
  return {
    handler,
    close,
    pools: () => Object.fromEntries(datastores.map((datastore) => [datastore.name, datastore.stats()])),
    knownMigrations: knownMigrations(domainSchema.migrations),
    metrics: () => metrics.collect(),
    appliedMigrations: () => postgres.run((dataSource) => appliedMigrations(dataSource)),
  };
}
