import type { FailureReason } from '@app/errors';
import type { DataSource } from 'typeorm';
import { onTestFinished } from 'vitest';
import { createDataSource, postgresOptions, type Schema } from './data-source.js';
import { PostgresClient } from './postgres-client.js';

const pool = {
  size: 2,
  maxOverflow: 1,
  recycleMs: undefined,
  prePing: true,
  prePingIdleMs: 1_000,
  timeoutMs: 1_000,
  statementTimeoutMs: 10_000,
};
export const soon = () => AbortSignal.timeout(10_000);

/** A client that is closed with the test. */
export function postgresClient(
  url: string,
  overrides: Partial<typeof pool> = {},
  schema: Schema = { entities: [], migrations: [] },
  random?: () => number,
): PostgresClient {
  const config = {
    datastores: { databaseUrl: url, ca: undefined },
    performance: { pool: { ...pool, ...overrides } },
  };
  const options = postgresOptions(config, 'client-test');
  const client = new PostgresClient(createDataSource(options, schema), options, random);
  onTestFinished(() => client.close());
  return client;
}

export async function connected(
  url: string,
  overrides: Partial<typeof pool> = {},
  schema?: Schema,
): Promise<PostgresClient> {
  const client = postgresClient(url, overrides, schema);
  client.connect();
  await client.whenConnected(soon());
  return client;
}

export const select = (sql: string) => (dataSource: DataSource) =>
  dataSource.query<Record<string, unknown>[]>(sql);

export function failuresOf(client: PostgresClient): FailureReason[] {
  const failures: FailureReason[] = [];
  client.onFailure((reason) => failures.push(reason));
  return failures;
}
