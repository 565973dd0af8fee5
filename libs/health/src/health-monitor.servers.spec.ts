import { type DevServer, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import type { DatastoreName } from '@app/errors';
import { InfluxClient } from '@app/influxdb';
import { type Datastore, Lifecycle } from '@app/lifecycle';
import { silentLogger } from '@app/logging';
import { createDataSource, PostgresClient, postgresOptions } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { waitFor } from '@app/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { datastoreSubject } from './check-subject.js';
import { HealthAnswers } from './health-answers.js';
import { HealthMonitor } from './health-monitor.js';

const timing = { intervalMs: 500, timeoutMs: 300, retries: 2 };
const downWithinMs = timing.intervalMs + timing.retries * (timing.timeoutMs + 1_000);
const upWithinMs = 2_000;

type Client = Datastore & { close(): Promise<void> };

const pool = {
  size: 1,
  maxOverflow: 0,
  recycleMs: undefined,
  prePing: true,
  prePingIdleMs: 1_000,
  timeoutMs: 1_000,
  statementTimeoutMs: 1_000,
};

function postgresClient(url: string): Client {
  const options = postgresOptions(
    { datastores: { databaseUrl: url, ca: undefined }, performance: { pool } },
    'health-test',
  );
  return new PostgresClient(createDataSource(options, { entities: [], migrations: [] }), options);
}

interface Case {
  readonly name: DatastoreName;
  readonly start: () => Promise<DevServer>;
  readonly clientOf: (url: string) => Client;
}

const cases: readonly Case[] = [
  { name: 'postgres', start: startPostgres, clientOf: postgresClient },
  {
    name: 'redis',
    start: startRedis,
    clientOf: (url) => new RedisClient({ url, maxConnections: 5, connectTimeoutMs: 1_000 }),
  },
  {
    name: 'influxdb',
    start: startInfluxdb,
    clientOf: (url) => new InfluxClient({ url, api: 'auto', database: 'trading' }),
  },
];

/** A server under a monitor, and how long readiness takes to come to a status, in milliseconds. */
async function watched({ name, start, clientOf }: Case) {
  const server = await start();
  onTestFinished(() => server.stop());
  const client = clientOf(server.url);
  onTestFinished(() => client.close());
  const lifecycle = new Lifecycle([name]);
  const answers = new HealthAnswers(lifecycle, { name: 'test', version: '1', critical: [name], ...timing });
  const monitor = new HealthMonitor(timing, silentLogger());
  monitor.watch(datastoreSubject(client, lifecycle.datastores));
  monitor.start();
  onTestFinished(() => monitor.stop());
  lifecycle.application.enter('serving', 'test');
  const until = async (status: 200 | 503): Promise<number> => {
    const startedAt = performance.now();
    await waitFor(() => answers.readiness().status === status, { timeoutMs: 20_000 });
    return performance.now() - startedAt;
  };
  await until(200);
  return { server, until, reason: () => lifecycle.datastores.get(name).reason };
}

describe('HealthMonitor with real servers', () => {
  it.each(cases)('sees in its time that $name stands still, and that it goes on', async (subject) => {
    const { server, until, reason } = await watched(subject);
    server.signal('SIGSTOP');
    const downAfter = await until(503);
    const why = reason();
    server.signal('SIGCONT');
    const upAfter = await until(200);
    expect(why).toBe('timeout');
    expect(downAfter).toBeLessThan(downWithinMs);
    expect(upAfter).toBeLessThan(upWithinMs);
  });

  it.each(cases)('sees in its time that $name was killed, and that it is there again', async (subject) => {
    const { server, until, reason } = await watched(subject);
    server.signal('SIGKILL');
    const downAfter = await until(503);
    await waitFor(() => reason() === 'refused');
    await server.start();
    const upAfter = await until(200);
    expect(downAfter).toBeLessThan(downWithinMs);
    expect(upAfter).toBeLessThan(upWithinMs);
  });
});
