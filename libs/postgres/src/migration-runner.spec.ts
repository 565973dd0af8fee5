import { type DevServer, startPostgres } from '@app/dev-services';
import { DatastoreError } from '@app/errors';
import { waitFor } from '@app/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionOptions } from './connection.options.js';
import type { MigrationClass } from './data-source.js';
import { migration } from './migration.fixture.js';
import { runMigrations } from './migration-runner.js';
import { MigrationLockLostError } from './postgres.errors.js';

const first = migration('First1700000000001', 'CREATE TABLE first (id int)');
const second = migration('Second1700000000002', 'CREATE TABLE second (id int)');
const running = new AbortController().signal;

describe('runMigrations', () => {
  let server: DevServer;
  let databases = 0;
  let admin: Client;
  let url: string;
  let lines: string[];
  let applied: () => Promise<readonly string[]>;

  beforeAll(async () => {
    server = await startPostgres();
  });
  beforeEach(async () => {
    databases += 1;
    const name = `migrations_${databases}`;
    const creator = new Client({ connectionString: server.url });
    await creator.connect();
    await creator.query(`CREATE DATABASE ${name}`);
    await creator.end();
    url = Object.assign(new URL(server.url), { pathname: name }).href;
    admin = new Client({ connectionString: url });
    admin.on('error', () => undefined);
    await admin.connect();
    lines = [];
    applied = async () =>
      (await admin.query<{ name: string }>('SELECT name FROM migrations ORDER BY id')).rows.map(
        ({ name }) => name,
      );
  });
  afterEach(() => admin.end());
  afterAll(() => server.stop());

  const connection = (databaseUrl = url) =>
    connectionOptions({ databaseUrl, ca: undefined }, 'migrations-test');
  const run = (migrations: readonly MigrationClass[], signal = running, databaseUrl = url) =>
    runMigrations(connection(databaseUrl), migrations, {
      signal,
      log: { info: (_data, message) => lines.push(message) },
    });
  const value = async (sql: string) => (await admin.query<Record<string, unknown>>(sql)).rows[0];
  const executing = async (sql: string): Promise<boolean> => {
    const { rowCount } = await admin.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE application_name = 'migrations-test' AND state = 'active' AND query LIKE $1`,
      [`%${sql}%`],
    );
    return rowCount === 1;
  };

  it('migrates an empty database and finds nothing to do the second time', async () => {
    const [once, again] = [await run([second, first]), await run([second, first])];
    const names = ['First1700000000001', 'Second1700000000002'];
    expect(once).toEqual({ applied: names, executed: names });
    expect(again).toEqual({ applied: names, executed: [] });
    expect(await applied()).toEqual(names);
  });

  it('needs no migrations', async () => {
    expect(await run([])).toEqual({ applied: [], executed: [] });
  });

  it('accepts a database that has more than is known', async () => {
    await run([first, second]);
    expect(await run([first])).toEqual({
      applied: ['First1700000000001', 'Second1700000000002'],
      executed: [],
    });
  });

  it('migrates once when several run at the same time', async () => {
    const slow = migration('Slow1700000000003', 'CREATE TABLE slow AS SELECT 1 FROM pg_sleep(0.3)');
    const reports = await Promise.all([1, 2, 3].map(() => run([first, second, slow])));
    const names = ['First1700000000001', 'Second1700000000002', 'Slow1700000000003'];
    expect(reports.map((report) => report.applied)).toEqual([names, names, names]);
    expect(reports.flatMap((report) => report.executed)).toEqual(names);
    expect(lines.filter((line) => line.startsWith('Another process'))).toHaveLength(2);
  });

  it('keeps what came before a failing migration, and nothing of it', async () => {
    const failing = migration('Failing1700000000003', 'CREATE TABLE half (id int); SELECT 1 / 0');
    await expect(run([first, failing, migration('Later1700000000004', 'SELECT 1')])).rejects.toThrow(
      'The migration Failing1700000000003 failed: division by zero. Nothing of it was kept. Mend the cause and run db-init again.',
    );
    expect(await applied()).toEqual(['First1700000000001']);
    expect(await value("SELECT to_regclass('half') AS half")).toEqual({ half: null });
  });

  it('goes on where a failed run has ended', async () => {
    const failing = migration('Second1700000000002', 'SELECT 1 / 0');
    await expect(run([first, failing])).rejects.toThrow('division by zero');
    expect(await run([first, second])).toEqual({
      applied: ['First1700000000001', 'Second1700000000002'],
      executed: ['Second1700000000002'],
    });
  });

  it('has no statement timeout, but one for locks, and leaves the settings of the session alone', async () => {
    await admin.query(
      `ALTER ROLE postgres IN DATABASE migrations_${databases} SET statement_timeout = '50ms'`,
    );
    const settings = migration(
      'Settings1700000000001',
      `CREATE TABLE settings AS SELECT current_setting('statement_timeout') AS statement,
         current_setting('lock_timeout') AS lock,
         current_setting('idle_in_transaction_session_timeout') AS idle FROM pg_sleep(0.2)`,
    );
    await run([settings]);
    expect(await value('SELECT * FROM settings')).toEqual({ statement: '0', lock: '10s', idle: '0' });
  });

  it('says that another session holds the lock that it needs', async () => {
    await run([first]);
    const eager = migration(
      'Eager1700000000002',
      "SET LOCAL lock_timeout = '100ms'; ALTER TABLE first ADD COLUMN more int",
    );
    await admin.query('BEGIN; LOCK TABLE first');
    const failed = run([first, eager]);
    await expect(failed).rejects.toThrow(
      'The migration Eager1700000000002 failed: canceling statement due to lock timeout. Another session holds a lock that it needs: run db-init again when that session has ended.',
    );
  });

  it('runs a migration outside of a transaction where it asks for that, also while others wait', async () => {
    const name = 'Index1700000000002';
    const sql = 'CREATE INDEX CONCURRENTLY first_id ON first (id)';
    const index = migration(name, sql, { transaction: false });
    const reports = await Promise.all([1, 2, 3].map(() => run([first, index])));
    expect(reports.flatMap((report) => report.executed)).toEqual(['First1700000000001', name]);
  });

  it('holds no transaction open while it waits, which an index built concurrently would wait for', async () => {
    const holding = new AbortController();
    const slow = migration('Slow1700000000001', 'SELECT pg_sleep(600)');
    const runs = [run([slow], holding.signal)];
    await waitFor(() => executing('pg_sleep(600)'));
    runs.push(run([first], holding.signal));
    const ended = Promise.allSettled(runs);
    const between = `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE application_name = 'migrations-test' AND state = 'idle' AND query = 'ROLLBACK'`;
    await waitFor(async () => ((await value(between)) as { count: number }).count === 1);
    holding.abort(new Error('told to end'));
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('cancels the statement in progress when it is told to end', async () => {
    const endless = migration('Endless1700000000002', 'CREATE TABLE half (id int); SELECT pg_sleep(600)');
    const controller = new AbortController();
    const ended = run([first, endless], controller.signal).catch((error: unknown) => error);
    await waitFor(() => executing('pg_sleep(600)'));
    const startedAt = performance.now();
    controller.abort(new Error('told to end'));
    expect(await ended).toEqual(new Error('told to end'));
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(await executing('pg_sleep(600)')).toBe(false);
    expect(await applied()).toEqual(['First1700000000001']);
  });

  it('stops waiting for the lock when it is told to end', async () => {
    const holding = new AbortController();
    const holder = run([migration('Slow1700000000001', 'SELECT pg_sleep(600)')], holding.signal).catch(
      (error: unknown) => error,
    );
    await waitFor(() => executing('pg_sleep(600)'));
    const controller = new AbortController();
    const waiting = run([first], controller.signal).catch((error: unknown) => error);
    await waitFor(() => lines.length > 0);
    controller.abort(new Error('told to end'));
    expect(await waiting).toEqual(new Error('told to end'));
    holding.abort();
    await holder;
  });

  it('commits nothing when it has lost the lock', async () => {
    const robbed = migration(
      'Robbed1700000000001',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'migrations-test' AND state = 'idle in transaction'; SELECT pg_sleep(0.3)`,
    );
    await expect(run([robbed])).rejects.toThrow(MigrationLockLostError);
    expect(await value("SELECT to_regclass('migrations') AS migrations")).toEqual({ migrations: null });
  });

  it('names the reason when the database is not there', async () => {
    const wrong = Object.assign(new URL(url), { password: 'wrong' }).href;
    await expect(run([first], running, wrong)).rejects.toEqual(
      new DatastoreError('postgres', 'authentication'),
    );
  });

  it('names the reason when the database goes away', async () => {
    const robbing = migration('Robbing1700000000001', 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(run([robbing])).rejects.toEqual(new DatastoreError('postgres', 'refused'));
  });

  it('leaves no connection behind', async () => {
    await run([first]);
    const count =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'migrations-test' AND datname = current_database()";
    expect(await waitFor(async () => (await value(count))?.['n'] === 0)).toBe(true);
  });
});
