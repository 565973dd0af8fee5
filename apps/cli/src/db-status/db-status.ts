import { type InitStatus, readInitStatus } from '@app/bootstrap';
import type { Config } from '@app/config';
import type { DatastoreName } from '@app/errors';
import type { RedisClient } from '@app/redis';
import { domainSchema } from '../domain.js';
import type { DatastoreClients } from './datastore-clients.js';
import { type DatastoreStatus, datastoreStatus } from './datastore-status.js';
import { type MigrationStatus, migrationStatus } from './migration-status.js';

export type DbStatusConfig = Pick<Config, 'health' | 'lifetime'>;

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

/** Asks each datastore how it is, until the signal aborts. Works also while some or all are down. */
export async function dbStatus(
  config: DbStatusConfig,
  { postgres, redis, influxdb }: DatastoreClients,
  signal: AbortSignal,
): Promise<DbStatus> {
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
