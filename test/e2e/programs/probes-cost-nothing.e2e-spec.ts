import { Agent, get } from 'node:http';
import { waitFor } from '@app/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { runApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

/** When each connection of checks was opened and last asked, by PostgreSQL's own view. */
async function postgresChecks(operator: Client): Promise<unknown[]> {
  const { rows } = await operator.query<Record<string, unknown>>(
    `SELECT pid, backend_start::text, query_start::text FROM pg_stat_activity
     WHERE query LIKE '%pg_is_in_recovery() AS in_recovery%' AND pid <> pg_backend_pid()`,
  );
  return rows;
}

/** How often Redis was asked what only checks ask it. */
async function redisChecks(operator: Redis): Promise<string[]> {
  const stats = await operator.info('commandstats');
  return stats.split('\r\n').flatMap((line) => /^cmdstat_setrange:(calls=\d+)/.exec(line)?.[1] ?? []);
}

/** How many queries InfluxDB has had, the present one among them. */
async function influxdbQueries(url: string): Promise<number> {
  const answer = await fetch(
    `${url}/query?${new URLSearchParams({ q: "SHOW STATS FOR 'httpd'" }).toString()}`,
  );
  const body = (await answer.json()) as {
    results: [{ series: [{ columns: string[]; values: [number[]] }] }];
  };
  const { columns, values } = body.results[0].series[0];
  return values[0][columns.indexOf('queryReq')] ?? Number.NaN;
}

async function ask(url: string, times: number): Promise<Set<number | undefined>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const one = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) =>
        response.resume().once('end', () => resolve(response.statusCode)),
      ).once('error', reject);
    });
  const statuses = await Promise.all(Array.from({ length: times }, one));
  agent.destroy();
  return new Set(statuses);
}

describe('10,000 calls of readiness', () => {
  it('ask no datastore anything, by the statistics of the servers, and write no line into the log', async () => {
    const { postgres, redis, influxdb, env } = datastores;
    await using backend = await startBackend({ ...env, HEALTH_CHECK_INTERVAL: '60s' });
    const operators = {
      postgres: new Client({ connectionString: postgres.url }),
      redis: new Redis(redis.url),
    };
    await operators.postgres.connect();
    onTestFinished(async () => {
      await operators.postgres.end();
      operators.redis.disconnect();
    });
    await backend.ready();
    await waitFor(async () =>
      JSON.stringify((await backend.get('/health/readiness')).body).includes('"status":"ok"'),
    );
    const seen = async () => ({
      postgres: await postgresChecks(operators.postgres),
      redis: await redisChecks(operators.redis),
      influxdb: await influxdbQueries(influxdb.url),
    });

    const before = await seen();
    const statuses = await ask(`${backend.url}/api/v1/health/readiness`, 10_000);
    const after = await seen();

    // The checks of the start are seen, so others would be too.
    expect(before).toEqual({
      postgres: [expect.anything()],
      redis: [expect.stringMatching(/^calls=[1-9]/)],
      influxdb: expect.any(Number),
    });
    expect(before.influxdb).toBeGreaterThan(1);
    expect(backend.process.stdout).not.toContain('/health/readiness');
    expect([statuses, after]).toEqual([new Set([200]), { ...before, influxdb: before.influxdb + 1 }]);
  });
});
