import { type DevServer, startPgbouncer, startPostgres } from '@app/dev-services';
import { failureOf, waitFor } from '@app/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Note } from '../note.fixture.js';
import { connected, select } from '../postgres-client.fixture.js';
import { elapsed, operatorOf, poolOn, warmedUp } from './pool.fixture.js';

const idleMs = 50;
const schema = { entities: [Note], migrations: [] };

describe('A pool whose server is PgBouncer in transaction mode', () => {
  let postgres: DevServer;
  let bouncer: DevServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    bouncer = await startPgbouncer({ target: postgres.url, settings: { default_pool_size: 5 } });
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('CREATE TABLE notes (id text PRIMARY KEY, text text NOT NULL)');
    await client.end();
  });
  afterAll(async () => {
    await bouncer.stop();
    await postgres.stop();
  });

  it('takes 1,000 concurrent queries over more connections than PgBouncer has to PostgreSQL', async () => {
    const client = await connected(bouncer.url, { size: 10, maxOverflow: 20, timeoutMs: 10_000 }, schema);
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, number) =>
        client.run((source) => source.query<{ number: number }[]>('SELECT $1::int AS number', [number])),
      ),
    );
    expect(answers.map(([row]) => row?.number)).toEqual([...answers.keys()]);
    expect(client.stats()).toMatchObject({ opened: 30, discarded: 0, timedOut: 0 });
  });

  it('runs repositories and transactions of TypeORM, and rolls back what fails', async () => {
    const client = await connected(bouncer.url, {}, schema);
    const added = Array.from({ length: 50 }, (_, number) =>
      client.run((source) =>
        source.transaction(async (manager) => {
          await manager.save(Note, { id: `note ${String(number)}`, text: 'x' });
          if (number % 2 === 1) throw new RangeError('odd');
        }),
      ),
    );
    await Promise.allSettled(added);
    const count = await client.run((source) => source.getRepository(Note).count());
    expect(count).toBe(25);
  });

  it('cancels a statement that runs too long, also in a transaction, and goes on with the connection', async () => {
    const pool = poolOn(bouncer.url, { size: 1, maxOverflow: 0, statementTimeoutMs: 100 });
    const client = await pool.connect();
    const alone = await failureOf(client.query('SELECT pg_sleep(60)'));
    await client.query('BEGIN');
    const inside = await failureOf(client.query('SELECT pg_sleep(60)'));
    await client.query('ROLLBACK');
    const { rows } = await client.query('SELECT 1 AS one');
    client.release();
    const operator = await operatorOf(postgres.url);
    const running = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active'";
    expect([alone, inside]).toMatchObject([{ code: '57014', afterMs: 100 }, { code: '57014' }]);
    expect([rows, (await operator.query(running)).rowCount]).toEqual([[{ one: 1 }], 0]);
    expect(pool.counts).toMatchObject({ opened: 1, discarded: 0 });
  });

  it('fails no query after all backends behind PgBouncer were terminated', async () => {
    const pool = poolOn(bouncer.url, { size: 10, maxOverflow: 20, prePingIdleMs: idleMs });
    await warmedUp(pool, 10);
    await elapsed(idleMs);
    const operator = await operatorOf(postgres.url);
    const others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    await operator.query(`SELECT pg_terminate_backend(pid) ${others}`);
    await waitFor(async () => (await operator.query(`SELECT 1 ${others}`)).rowCount === 0);
    const answers = await Promise.allSettled(Array.from({ length: 1_000 }, () => pool.query('SELECT 1')));
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('fails no query after PgBouncer was restarted', async () => {
    const restarted = await startPgbouncer({ target: postgres.url });
    const pool = poolOn(restarted.url, { size: 10, maxOverflow: 20, prePingIdleMs: idleMs });
    await warmedUp(pool, 10);
    restarted.signal('SIGKILL');
    await restarted.start();
    await elapsed(idleMs);
    const answers = await Promise.allSettled(Array.from({ length: 1_000 }, () => pool.query('SELECT 1')));
    await pool.end();
    await restarted.stop();
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('is seen on PostgreSQL by the name of its application', async () => {
    const client = await connected(bouncer.url);
    const [row] = await client.run(select("SELECT current_setting('application_name') AS name"));
    expect(row).toEqual({ name: 'client-test' });
  });
});
