import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@app/testing';
import { environment } from '../container.ts';
import { mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';
import type { DatastoreNetwork } from '../rolling/datastore-network.ts';

/** The variables whose values are files here. */
export type SecretName =
  | 'SECRET_KEY'
  | 'SECRET_KEY_PREVIOUS'
  | 'DATABASE_URL'
  | 'REDIS_URL'
  | 'INFLUXDB_PASSWORD'
  | 'INFLUXDB_TOKEN';

/** A container's secrets, all of them as files; for `await using`. */
export interface SecretFiles extends AsyncDisposable {
  /** Options of `docker run` that bring the secrets and the datastores they lead to. */
  readonly place: readonly string[];
  /** What was ever secret in each of the files. */
  readonly canaries: readonly string[];
  /** Writes the file anew, with a new secret. */
  change(name: SecretName, content: (canary: string) => string): Promise<void>;
}

/** Makes users in the datastores, whose passwords nobody else has. */
export async function makeSecretFiles(engine: EngineAccess, network: DatastoreNetwork): Promise<SecretFiles> {
  const folder = await temporaryFolder();
  const canaries: string[] = [];
  const change = async (name: SecretName, content: (canary: string) => string): Promise<void> => {
    const canary = `canary-${randomUUID()}`;
    canaries.push(canary);
    // The container's user is another one than the owner of the files.
    await writeFile(join(folder.path, name), `${content(canary)}\n`, { mode: 0o644 });
  };
  await change('SECRET_KEY', (canary) => canary);
  await change('SECRET_KEY_PREVIOUS', (canary) => canary);
  await change('DATABASE_URL', (canary) => `postgres://operator:${canary}@postgres/postgres?sslmode=disable`);
  const [, , postgres = ''] = canaries;
  const role = `CREATE ROLE operator LOGIN SUPERUSER PASSWORD '${postgres}'`;
  await inside(engine, network.container('postgres'), 'psql', '--username', 'postgres', '--command', role);
  await change('REDIS_URL', (canary) => `redis://operator:${canary}@redis:6379`);
  const user = ['ACL', 'SETUSER', 'operator', 'on', `>${canaries[3] ?? ''}`, '~*', '&*', '+@all'];
  await inside(engine, network.container('redis'), 'redis-cli', ...user);
  // The server asks for neither, and is sent the first.
  await change('INFLUXDB_PASSWORD', (canary) => canary);
  await change('INFLUXDB_TOKEN', (canary) => canary);
  const names = ['SECRET_KEY', 'SECRET_KEY_PREVIOUS', 'DATABASE_URL', 'REDIS_URL', 'INFLUXDB_PASSWORD'];
  const files = [...names, 'INFLUXDB_TOKEN'].map((name) => [`${name}_FILE`, `/secrets/${name}`] as const);
  const settings = {
    ...Object.fromEntries(files),
    INFLUXDB_URL: 'http://influxdb:8086',
    INFLUXDB_API: 'v1',
    INFLUXDB_USERNAME: 'operator',
  };
  return {
    place: [
      ...network.placement,
      `--volume=${folder.path}:/secrets:ro`,
      `--mount=type=volume,source=${network.name},target=/var/lib/db-init`,
      ...environment(settings),
    ],
    canaries,
    change,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function inside(engine: EngineAccess, id: string, ...command: string[]): Promise<void> {
  await mustDocker(engine, ['exec', '--user', command[0] === 'psql' ? 'postgres' : 'redis', id, ...command]);
}
