import { type DevServer, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';

/** One server of each kind, and the variables that lead to them; for `await using`. */
export interface Datastores extends AsyncDisposable {
  readonly postgres: DevServer;
  readonly redis: DevServer;
  readonly influxdb: DevServer;
  readonly env: Readonly<Record<string, string>>;
}

export async function startDatastores(): Promise<Datastores> {
  const [postgres, redis, influxdb] = await Promise.all([startPostgres(), startRedis(), startInfluxdb()]);
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
