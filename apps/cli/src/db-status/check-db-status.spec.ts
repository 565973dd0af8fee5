import { writeFile } from 'node:fs/promises';
import { type DevServer, freePort, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import { silentLogger } from '@app/logging';
import { runMigrations } from '@app/postgres';
import { runProcess, temporaryFolder, type TemporaryFolder } from '@app/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domainSchema } from '../domain.js';

/** A database of its own on the same server, as db-init leaves it. */
async function migratedDatabase(serverUrl: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query('CREATE DATABASE migrated');
  await client.end();
  const connectionString = new URL('/migrated', serverUrl).href;
  const signal = AbortSignal.timeout(20_000);
  await runMigrations({ connectionString }, domainSchema.migrations, { signal, log: silentLogger() });
  return connectionString;
}

describe('check-db-status', () => {
  let folder: TemporaryFolder;
  let servers: DevServer[];
  let env: Record<string, string>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    servers = await Promise.all([startPostgres(), startRedis(), startInfluxdb()]);
    const [postgres, redis, influxdb] = servers.map(({ url }) => url);
    env = {
      NODE_ENV: 'test',
      DATABASE_URL: String(postgres),
      REDIS_URL: String(redis),
      INFLUXDB_URL: String(influxdb),
      INIT_STATUS_FILE: `${folder.path}/status.json`,
    };
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await folder[Symbol.asyncDispose]();
  });

  async function check(changes: Record<string, string> = {}, ...args: string[]) {
    const command = ['dist/apps/cli/src/main.js', 'check-db-status', ...args];
    await using process = await runProcess('node', command, { env: { ...env, ...changes } });
    const { code } = await process.exited;
    return { code, stdout: process.stdout, stderr: process.stderr };
  }

  it('ends with 69 before db-init, and says that it is needed', async () => {
    const { code, stdout, stderr } = await check();
    expect([code, stderr]).toEqual([69, '']);
    expect(stdout).toMatch(
      /^db-init +no status in .*status\.json \(INIT_WAIT is database\)\nmigrations +0 of 1 applied\n/,
    );
    expect(stdout).toMatch(
      /\npostgres +up, version \d+\.\d+, [\d.]+ ms, .*connections \d+, maxConnections \d+\n/,
    );
    expect(stdout).toMatch(/\nredis +up, version [\d.]+, [\d.]+ ms, .*maxclients \d+, connections \d+\n/);
    expect(stdout).toMatch(/\ninfluxdb +up, version [\d.]+, [\d.]+ ms, api v1/);
    expect(stdout).toMatch(/A backend cannot start:\n- The migration \S+ is missing: run db-init\.\n$/);
  });

  it('ends with 0 once a backend could start, also without a datastore that is not critical', async () => {
    const url = await migratedDatabase(env['DATABASE_URL'] ?? '');
    const { code, stdout } = await check({
      DATABASE_URL: url,
      INFLUXDB_URL: `http://127.0.0.1:${String(await freePort())}`,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^migrations +1 of 1 applied$/m);
    expect(stdout).toMatch(/\ninfluxdb +down \(refused\)[^]*\nA backend can start\.\n$/);
  });

  it('works while some are down, and says why and what to do', async () => {
    const port = String(await freePort());
    const { code, stdout } = await check({ REDIS_URL: `redis://:secret@127.0.0.1:${port}` }, '--json');
    const { problems, datastores } = JSON.parse(stdout) as {
      problems: string[];
      datastores: { name: string; status: string; reason?: string; advice?: string }[];
    };
    expect(code).toBe(69);
    expect(problems).toContain(
      'redis is down (refused): Start the server, or correct host and port in its URL.',
    );
    expect(datastores.map(({ name, status, reason }) => [name, status, reason])).toEqual([
      ['postgres', 'up', undefined],
      ['redis', 'down', 'refused'],
      ['influxdb', 'up', undefined],
    ]);
    expect(stdout).not.toContain('secret');
  });

  it('tells why db-init failed', async () => {
    const file = `${folder.path}/failed.json`;
    const status = { state: 'failed', startedAt: '2026-11-24T10:00:00Z', migrations: [], error: 'disk full' };
    await writeFile(file, JSON.stringify(status));
    const { code, stdout } = await check({ INIT_STATUS_FILE: file });
    expect(code).toBe(69);
    expect(stdout).toMatch(/^db-init +failed 2026-11-24T10:00:00Z: disk full\n/);
    expect(stdout).toContain('- db-init failed: disk full.\n');
  });
});
