import { join } from 'node:path';
import type { DevServer } from '@app/dev-services';
import { build } from '../scripts/build.ts';
import { root } from '../test/container/engine/folders.ts';

/** One server of each kind, and the variables that lead to them; for `await using`. */
export interface Datastores extends AsyncDisposable {
  readonly postgres: DevServer;
  readonly redis: DevServer;
  readonly influxdb: DevServer;
  readonly env: Readonly<Record<'DATABASE_URL' | 'REDIS_URL' | 'INFLUXDB_URL', string>>;
}

/** Starts real datastores with `@app/dev-services`, which it builds: Node alone does not find the sources' aliases. */
export async function startDatastores(): Promise<Datastores> {
  build();
  const file = join(root, 'dist/libs/dev-services/src/index.js');
  const built = (await import(file)) as typeof import('@app/dev-services');
  const starts = [built.startPostgres(), built.startRedis(), built.startInfluxdb()] as const;
  const [postgres, redis, influxdb] = await Promise.all(starts);
  return {
    postgres,
    redis,
    influxdb,
    env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url, INFLUXDB_URL: influxdb.url },
    async [Symbol.asyncDispose]() {
      await Promise.all([postgres, redis, influxdb].map((server) => server.stop()));
    },
  };
}
