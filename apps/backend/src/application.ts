import type { ServiceApplication, ServiceContext } from '@app/bootstrap';
import { createApplication } from '@app/bootstrap/nest';
import { appliedMigrations, knownMigrations, PostgresClient } from '@app/postgres';
import { AppModule } from './app.module.js';
import { domainSchema } from './domain.js';

/** Loads Nest with all modules, and says which migrations the start has to wait for. */
export async function loadApplication(context: ServiceContext): Promise<ServiceApplication> {
  const { nest, handler, close } = await createApplication(AppModule.forRoot(context), context);
  const postgres = nest.get(PostgresClient);
  return {
    handler,
    close,
    knownMigrations: knownMigrations(domainSchema.migrations),
    appliedMigrations: () => postgres.run((dataSource) => appliedMigrations(dataSource)),
  };
}
