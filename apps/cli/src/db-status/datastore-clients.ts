import type { Config } from '@app/config';
import { influxClientOptions, InfluxClient } from '@app/influxdb';
import { createDataSource, PostgresClient, postgresOptions } from '@app/postgres';
import { RedisClient, redisClientOptions } from '@app/redis';
import { domainSchema } from '../domain.js';

/** The clients of a command that asks all datastores. */
export interface DatastoreClients {
  readonly postgres: PostgresClient;
  readonly redis: RedisClient;
  readonly influxdb: InfluxClient;
}

/** Begins to connect, does the work and closes all connections. The command's name is what servers show. */
export async function withDatastores<Result>(
  config: Pick<Config, 'app' | 'datastores' | 'performance'>,
  command: string,
  work: (clients: DatastoreClients) => Promise<Result>,
): Promise<Result> {
  const name = `${config.app.name}:${command}`;
  const options = postgresOptions(config, name);
  const postgres = new PostgresClient(createDataSource(options, domainSchema), options);
  const redis = new RedisClient(redisClientOptions(config, name));
  const influxdb = new InfluxClient(influxClientOptions(config.datastores));
  postgres.connect();
  redis.connect();
  try {
    return await work({ postgres, redis, influxdb });
  } finally {
    await Promise.all([postgres.close(), redis.close(), influxdb.close()]);
  }
}
