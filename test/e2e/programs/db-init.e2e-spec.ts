import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DevServer, freePort, startInfluxdb, startPostgres } from '@app/dev-services';
import { type RunningProcess, temporaryFolder, type TemporaryFolder, waitFor } from '@app/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root, startApp } from '../../support/programs.js';

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const migrations = ['CreateInstruments1795507200000'];
const completed = { state: 'completed', startedAt: timestamp, finishedAt: timestamp, migrations };

describe('db-init', () => {
  let postgres: DevServer;
  let influxdb: DevServer;
  let folder: TemporaryFolder;
  let databases = 0;
  let databaseUrl: string;
  let admin: Client;
  const started: RunningProcess[] = [];

  beforeAll(async () => {
    [postgres, influxdb] = await Promise.all([startPostgres(), startInfluxdb()]);
  });
  afterAll(() => Promise.all([postgres.stop(), influxdb.stop()]));
  beforeEach(async () => {
    folder = await temporaryFolder();
    databases += 1;
    const creator = new Client({ connectionString: postgres.url });
    await creator.connect();
    await creator.query(`CREATE DATABASE init_${databases}`);
    await creator.end();
    databaseUrl = Object.assign(new URL(postgres.url), { pathname: `init_${databases}` }).href;
    admin = new Client({ connectionString: databaseUrl });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((process) => process[Symbol.asyncDispose]()));
    await admin.end();
    await folder[Symbol.asyncDispose]();
  });

  /** Only what an init container is given; nothing of Redis and no secret key. */
  async function start(env: Record<string, string | undefined> = {}): Promise<RunningProcess> {
    const process = await startApp('db-init', {
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      INFLUXDB_URL: influxdb.url,
      INIT_STATUS_FILE: join(folder.path, 'db-init/status.json'),
      INIT_SEED_FILE: join(root, 'apps/db-init/seed/instruments.json'),
      STARTUP_TIMEOUT: '20s',
      LOG_DIR: join(folder.path, 'log'),
      ...env,
    });
    started.push(process);
    return process;
  }
  async function end(env: Record<string, string | undefined> = {}) {
    const process = await start(env);
    const { code } = await process.exited;
    return { code, output: process.stdout + process.stderr };
  }
  const status = async (): Promise<unknown> =>
    JSON.parse(await readFile(join(folder.path, 'db-init/status.json'), 'utf8'));
  const rows = async (sql: string) => (await admin.query<Record<string, unknown>>(sql)).rows;

  it('prepares an empty database, says so in the status file and in init.log', async () => {
    const { code, output } = await end();
    expect({ code, status: await status() }).toEqual({ code: 0, status: completed });
    expect(
      await rows("SELECT symbol, tick_size, lot_size, status FROM instruments WHERE symbol = 'EUR-USD'"),
    ).toEqual([{ symbol: 'EUR-USD', tick_size: '0.00001', lot_size: '1', status: 'active' }]);
    const answer = await fetch(`${influxdb.url}/query?q=SHOW+DATABASES`);
    expect(await answer.text()).toContain('"trading"');
    expect(await readFile(join(folder.path, 'log/init.log'), 'utf8')).toBe(output);
  });

  it('changes nothing the second time, not even what an operator has changed', async () => {
    await end();
    await rows("UPDATE instruments SET status = 'halted' WHERE symbol = 'EUR-USD'");
    await rows("DELETE FROM instruments WHERE symbol = 'ACME'");
    const before = await rows("SELECT * FROM instruments WHERE symbol <> 'ACME' ORDER BY symbol");
    const { code } = await end();
    expect({ code, status: await status() }).toEqual({ code: 0, status: completed });
    expect(await rows("SELECT * FROM instruments WHERE symbol <> 'ACME' ORDER BY symbol")).toEqual(before);
    expect(await rows("SELECT count(*)::int AS n FROM instruments WHERE symbol = 'ACME'")).toEqual([
      { n: 1 },
    ]);
  });

  it('may run several times at once', async () => {
    const ends = await Promise.all([1, 2, 3].map(() => end()));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await rows('SELECT name FROM migrations')).toEqual(migrations.map((name) => ({ name })));
    expect(await status()).toEqual(completed);
  });

  it('seeds nothing in production unless it is told to', async () => {
    const { code } = await end({ INIT_SEED_FILE: undefined });
    expect({ code, rows: await rows('SELECT * FROM instruments') }).toEqual({ code: 0, rows: [] });
  });

  it('goes on without InfluxDB, which the backend prepares later', async () => {
    const { code, output } = await end({ INFLUXDB_URL: `http://127.0.0.1:${await freePort()}` });
    expect({ code, status: await status() }).toEqual({ code: 0, status: completed });
    expect(output).toContain('InfluxDB is left to the backend');
  });

  it('waits for a database that comes late', async () => {
    const late = await startPostgres();
    late.signal('SIGKILL');
    const process = await start({ DATABASE_URL: late.url });
    await process.waitForOutput(/Waiting for PostgreSQL/);
    const meanwhile = await status();
    await late.start();
    const { code } = await process.exited;
    await late.stop();
    expect(meanwhile).toEqual({ state: 'running', startedAt: timestamp, migrations: [] });
    expect({ code, status: await status() }).toEqual({ code: 0, status: completed });
  });

  it('ends with 69 and the reason when the database does not come', async () => {
    const url = `postgres://app:hidden-password@127.0.0.1:${await freePort()}/trading`;
    const { code, output } = await end({ DATABASE_URL: url, STARTUP_TIMEOUT: '1500ms' });
    expect({ code, status: await status() }).toEqual({
      code: 69,
      status: {
        state: 'failed',
        startedAt: timestamp,
        finishedAt: timestamp,
        migrations: [],
        error: 'After 2 s db-init still waits for: postgres (refused)',
      },
    });
    expect(output).not.toContain('hidden-password');
  });

  it('ends with 1 and the reason when a migration fails, and goes on once the cause is mended', async () => {
    await rows('CREATE TABLE instruments ()');
    const failed = await end();
    const failedStatus = await status();
    await rows('DROP TABLE instruments');
    const mended = await end();
    expect({ code: failed.code, status: failedStatus }).toEqual({
      code: 1,
      status: {
        state: 'failed',
        startedAt: timestamp,
        finishedAt: timestamp,
        migrations: [],
        error: 'The migration CreateInstruments1795507200000 failed: relation "instruments" already exists',
      },
    });
    expect({ code: mended.code, status: await status() }).toEqual({ code: 0, status: completed });
  });

  it('ends with 1 before it changes anything when the seed has mistakes', async () => {
    const seed = join(folder.path, 'seed.json');
    await writeFile(seed, '[{"symbol":"EUR-USD"}]');
    const { code } = await end({ INIT_SEED_FILE: seed });
    expect({ code, status: await status() }).toEqual({
      code: 1,
      status: {
        state: 'failed',
        startedAt: timestamp,
        finishedAt: timestamp,
        migrations: [],
        error: expect.stringContaining('"[0].tickSize" is required'),
      },
    });
    expect(await rows("SELECT to_regclass('instruments') AS instruments")).toEqual([{ instruments: null }]);
  });

  it('ends when it is told to, also while it waits for a lock', async () => {
    const other = new Client({ connectionString: databaseUrl });
    await other.connect();
    await other.query('BEGIN; CREATE TABLE instruments ()');
    const process = await start();
    const waiting =
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'db-init' AND wait_event_type = 'Lock'";
    await waitFor(async () => (await rows(waiting)).length > 0);
    process.kill('SIGTERM');
    const { code } = await process.exited;
    await other.end();
    expect({ code, status: await status() }).toEqual({
      code: 1,
      status: {
        state: 'failed',
        startedAt: timestamp,
        finishedAt: timestamp,
        migrations: [],
        error: 'db-init was interrupted by SIGTERM',
      },
    });
    expect(await rows("SELECT to_regclass('instruments') AS instruments")).toEqual([{ instruments: null }]);
  });

  it('ends when it is told to while it waits for the database', async () => {
    const process = await start({ DATABASE_URL: `postgres://app@127.0.0.1:${await freePort()}/trading` });
    await process.waitForOutput(/Waiting for PostgreSQL/);
    process.kill('SIGINT');
    const { code } = await process.exited;
    expect({ code, status: await status() }).toMatchObject({
      code: 1,
      status: { state: 'failed', error: 'db-init was interrupted by SIGINT' },
    });
  });

  it.each([
    ['file', 1],
    ['database', 0],
  ])('with INIT_WAIT=%s and a status file that cannot be written ends with %i', async (initWait, code) => {
    const file = join(folder.path, 'no-folder');
    await writeFile(file, '');
    const result = await end({ INIT_WAIT: initWait, INIT_STATUS_FILE: join(file, 'status.json') });
    expect(result.code).toBe(code);
    expect(result.output).toContain(`The status file ${file}/status.json cannot be written`);
  });

  it('ends with 78 and all mistakes before it connects to anything', async () => {
    const { code, output } = await end({ DATABASE_URL: 'mysql://db/x', STARTUP_TIMEOUT: 'soon' });
    expect(code).toBe(78);
    expect(output).toMatch(/DATABASE_URL[\s\S]*STARTUP_TIMEOUT/);
  });
});
