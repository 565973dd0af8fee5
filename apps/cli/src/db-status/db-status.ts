import { type InitStatus, readInitStatus } from '@app/bootstrap';
import type { Config } from '@app/config';
import type { DatastoreName } from '@app/errors';
import { influxClientOptions, InfluxClient } from '@app/influxdb';
import { createDataSource, PostgresClient, postgresOptions } from '@app/postgres';
import { RedisClient, redisClientOptions } from '@app/redis';
import { domainSchema } from '../domain.js';
import { type DatastoreStatus, datastoreStatus } from './datastore-status.js';
import { type MigrationStatus, migrationStatus } from './migration-status.js';

export type DbStatusConfig = Pick<Config, 'app' | 'datastores' | 'performance' | 'health' | 'lifetime'>;

/** What db-init and the datastores say. */
export interface DbStatus {
  /** Whether a backend could start now. */
  readonly ok: boolean;
  /** What keeps it from starting, as sentences. */
  readonly problems: readonly string[];
  readonly init: { readonly file: string; readonly wait: string; readonly status: InitStatus | undefined };
  readonly migrations: MigrationStatus;
  readonly datastores: readonly DatastoreStatus[];
}

/** Connects to each datastore and asks how it is; each has `timeoutMs`. Works also while some or all are down. */
export async function dbStatus(config: DbStatusConfig, timeoutMs: number): Promise<DbStatus> {
  const name = `${config.app.name}:check-db-status`;
  const signal = AbortSignal.timeout(timeoutMs);
  const options = postgresOptions(config, name);
  const postgres = new PostgresClient(createDataSource(options, domainSchema), options);
  const redis = new RedisClient(redisClientOptions(config, name));
  const influxdb = new InfluxClient(influxClientOptions(config.datastores));
  postgres.connect();
  redis.connect();
  try {
    const [migrations, ...datastores] = await Promise.all([
      migrationStatus(postgres, domainSchema.migrations, signal),
      datastoreStatus(postgres, signal),
      datastoreStatus(redis, signal, () => redisConnections(redis, signal)),
      datastoreStatus(influxdb, signal),
    ]);
    const { initStatusFile: file, initWait: wait } = config.lifetime;
    const init = { file, wait, status: await readInitStatus(file) };
    const problems = problemsOf({ init, migrations, datastores }, config.health.critical);
    return { ok: problems.length === 0, problems, init, migrations, datastores };
  } finally {
    await Promise.all([postgres.close(), redis.close(), influxdb.close()]);
  }
}

async function redisConnections(redis: RedisClient, signal: AbortSignal): Promise<{ connections: number }> {
  await redis.ready(signal);
  const info = await redis.run((commands) => commands.info('clients'));
  return { connections: Number(/^connected_clients:(\d+)/m.exec(info)?.[1] ?? 0) };
}

function problemsOf(
  { init, migrations, datastores }: Pick<DbStatus, 'init' | 'migrations' | 'datastores'>,
  critical: readonly DatastoreName[],
): readonly string[] {
  const { status, wait, file } = init;
  return [
    ...(status?.state === 'failed' ? [`db-init failed: ${status.error ?? 'no reason is given'}.`] : []),
    ...(wait === 'file' && status?.state === 'running' ? ['db-init is still running.'] : []),
    ...(wait === 'file' && status === undefined ? [`db-init has left no status in ${file}.`] : []),
    ...migrations.missing.map((name) => `The migration ${name} is missing: run db-init.`),
    ...datastores
      .filter(({ name, status }) => status === 'down' && critical.includes(name))
      .map(({ name, reason, advice }) => `${name} is down (${String(reason)}): ${String(advice)}`),
  ];
}
