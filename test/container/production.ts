import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { environment } from './container.ts';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import { startDatastoreNetwork } from './rolling/datastore-network.ts';

/** The prepared datastores, and what a container of production needs to serve on them; for `await using`. */
export interface Production extends AsyncDisposable {
  /** Options of `docker run`: the network, secrets as files, the status that db-init has left, port 8000 published. */
  readonly options: readonly string[];
  /** In the key and in PostgreSQL's password, and nowhere else. */
  readonly secret: string;
  /** Stops PostgreSQL as SIGSTOP does: it answers nobody, and its connections stay open. */
  pausePostgres(): Promise<AsyncDisposable>;
}

/** Starts the datastores; `image` is the one whose db-init prepares them. */
export async function startProduction(engine: EngineAccess, image: string): Promise<Production> {
  await using made = new AsyncDisposableStack();
  const network = made.use(await startDatastoreNetwork(engine, image));
  const folder = made.use(await temporaryFolder());
  const secret = `secret-${randomUUID()}`;
  const filters = [
    '--filter',
    `network=${network.name}`,
    '--filter',
    `ancestor=${engine.images.POSTGRES_IMAGE}`,
  ];
  const postgres = await mustDocker(engine, ['ps', '--quiet', ...filters]);
  const role = `CREATE ROLE operator LOGIN SUPERUSER PASSWORD '${secret}'`;
  await mustDocker(engine, ['exec', '--user', 'postgres', postgres, 'psql', '--command', role]);
  const url = `postgres://operator:${secret}@postgres/postgres?sslmode=disable`;
  // The container's user is another one than the owner of the files.
  await writeFile(join(folder.path, 'secret_key'), `${secret}\n`, { mode: 0o644 });
  await writeFile(join(folder.path, 'database_url'), `${url}\n`, { mode: 0o644 });
  const settings = {
    SECRET_KEY_FILE: '/secrets/secret_key',
    DATABASE_URL_FILE: '/secrets/database_url',
    REDIS_URL: 'redis://redis:6379',
    INFLUXDB_URL: 'http://influxdb:8086',
    HEALTH_CHECK_INTERVAL: '1s',
    HEALTH_CHECK_TIMEOUT: '500ms',
    RATE_LIMIT: '0',
  };
  const all = made.move();
  return {
    options: [
      ...network.placement,
      '--publish',
      '8000',
      '--volume',
      `${folder.path}:/secrets:ro`,
      '--mount',
      `type=volume,source=${network.name},target=/var/lib/db-init`,
      ...environment(settings),
    ],
    secret,
    pausePostgres: async () => {
      await mustDocker(engine, ['pause', postgres]);
      return {
        async [Symbol.asyncDispose]() {
          await mustDocker(engine, ['unpause', postgres]);
        },
      };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
