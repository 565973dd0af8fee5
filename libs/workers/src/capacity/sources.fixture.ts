import { createDataSource, PostgresClient, postgresOptions } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { onTestFinished } from 'vitest';
import type { CapacitySources } from './capacity-report.js';
import { demandIn } from './demand.fixture.js';

/** Where no server is. */
export const nowhere = 'postgres://trader:secret@127.0.0.1:1/trading';

/** Clients that are closed with the test, and do not connect by themselves; no Redis is where theirs looks. */
export function sourcesAt(databaseUrl: string, applicationName = 'capacity-test'): CapacitySources {
  const { performance } = demandIn({});
  const options = postgresOptions(
    { datastores: { databaseUrl, ca: undefined }, performance },
    applicationName,
  );
  const postgres = new PostgresClient(createDataSource(options, { entities: [], migrations: [] }), options);
  const redis = new RedisClient({ url: 'redis://127.0.0.1:1', maxConnections: 5, connectTimeoutMs: 2_000 });
  onTestFinished(async () => {
    await Promise.all([postgres.close(), redis.close()]);
  });
  return { postgres, redis, applicationName };
}
