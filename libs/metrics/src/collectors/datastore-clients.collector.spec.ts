import { InfluxClient } from '@app/influxdb';
import type { Datastore } from '@app/lifecycle';
import { createDataSource, jobPoolOptions, PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { describe, expect, it } from 'vitest';
import { collected } from './collected.fixture.js';
import { datastoreClientsCollector } from './datastore-clients.collector.js';

/** Clients as the application has them, which have not begun to connect. */
function clients(): readonly Datastore[] {
  const options = { connection: { host: '127.0.0.1' }, pool: jobPoolOptions };
  return [
    new PostgresClient(createDataSource(options, { entities: [], migrations: [] }), options),
    new RedisClient({ url: 'redis://127.0.0.1:1', maxConnections: 7, connectTimeoutMs: 1_000 }),
    new InfluxClient({ url: 'http://127.0.0.1:1', api: 'v1', database: 'trading' }),
  ];
}

describe('datastoreClientsCollector', () => {
  it.each([0, 1, 2])('has one metric for each number that a client tells: %i', (index) => {
    const [client] = clients().slice(index);
    const stats = Object.keys(client?.stats() ?? {});
    const numbered = Object.fromEntries(stats.map((stat, number) => [stat, number]));
    const lines = collected(
      datastoreClientsCollector([{ name: client?.name ?? 'redis', stats: () => numbered }]),
    );
    const values = lines.map((line) => Number(line.split(' ')[1]));
    expect(values.toSorted((one, other) => one - other)).toEqual([...stats.keys()]);
    expect(values).not.toEqual([]);
  });

  it('tells the bounds of the pools before anything is connected', () => {
    expect(collected(datastoreClientsCollector(clients())).filter((line) => line.includes('_max'))).toEqual([
      'postgres_pool_connections_max 2',
      'redis_client_connections_max 7',
    ]);
  });
});
