import { type DevServer, startPostgres } from '@app/dev-services';
import { AppError, coreErrors, DatastoreError } from '@app/errors';
import { failureOf, waitFor } from '@app/testing';
import { Client } from 'pg';
import { Column, Entity, QueryFailedError } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Note } from './note.fixture.js';
import { PoolTimeoutError } from './pool/pool.errors.js';
import { connected, failuresOf, postgresClient, select, soon } from './postgres-client.fixture.js';

@Entity('no_key')
class WithoutKey {
  @Column('text')
  text!: string;
}

describe('PostgresClient', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query('CREATE TABLE notes (id text PRIMARY KEY, text text NOT NULL)');
    await client.end();
  });
  afterAll(() => server.stop());

  it('works through TypeORM', async () => {
    const client = await connected(server.url, {}, { entities: [Note], migrations: [] });
    const notes = await client.run(async (dataSource) => {
      const repository = dataSource.getRepository(Note);
      await repository.save({ id: 'a', text: 'first' });
      return repository.findBy({ id: 'a' });
    });
    expect(notes).toEqual([{ id: 'a', text: 'first' }]);
  });

  it('fails at once while it is not connected', async () => {
    const client = postgresClient(server.url);
    await expect(client.run(select('SELECT 1'))).rejects.toEqual(new DatastoreError('postgres', 'pending'));
  });

  it('says why it is not connected when the wait is ended', async () => {
    const url = new URL(server.url);
    url.password = 'wrong';
    const client = postgresClient(url.href);
    client.connect();
    await expect(client.whenConnected(AbortSignal.timeout(200))).rejects.toEqual(
      new DatastoreError('postgres', 'authentication'),
    );
  });

  it('ends the wait when it is closed', async () => {
    const client = postgresClient(server.url);
    const waiting = client.whenConnected(soon());
    await Promise.all([expect(waiting).rejects.toThrow(DatastoreError), client.close()]);
  });

  it('is not called well before it can be used', async () => {
    const client = postgresClient(server.url);
    client.connect();
    await client.ping(soon());
    await expect(client.run(select('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
  });

  it('gives up on entities that TypeORM refuses', async () => {
    const client = postgresClient(server.url, {}, { entities: [WithoutKey], migrations: [] });
    client.connect();
    await expect(client.whenConnected(soon())).rejects.toThrow(
      'Entity "WithoutKey" does not have a primary column',
    );
    await expect(client.run(select('SELECT 1'))).rejects.toThrow('Entity "WithoutKey"');
  });

  it('passes on what a statement has earned, and does not call it a failure of the server', async () => {
    const client = await connected(server.url);
    const failures = failuresOf(client);
    const insert = client.run(async (dataSource) => {
      await dataSource.query("INSERT INTO notes VALUES ('twice', 'x')");
      await dataSource.query("INSERT INTO notes VALUES ('twice', 'x')");
    });
    await expect(insert).rejects.toSatisfy(
      (error) => error instanceof QueryFailedError && 'code' in error && error.code === '23505',
    );
    expect(failures).toEqual([]);
  });

  it('passes on the errors of the application', async () => {
    const client = await connected(server.url);
    const error = new AppError(coreErrors.not_found, 'Nothing.', {
      cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
    });
    await expect(client.run(() => Promise.reject(error))).rejects.toBe(error);
  });

  it('tells of a server that is read-only', async () => {
    const readOnly = await startPostgres({ args: ['-c', 'default_transaction_read_only=on'] });
    const client = await connected(readOnly.url);
    const failures = failuresOf(client);
    await expect(client.run(select('CREATE TABLE x ()'))).rejects.toEqual(
      new DatastoreError('postgres', 'read_only'),
    );
    await client.close();
    await readOnly.stop();
    expect(failures).toEqual(['read_only']);
  });

  it('counts its connections', async () => {
    const client = await connected(server.url);
    const before = client.stats();
    const runners = await client.run((dataSource) =>
      Promise.all(
        [1, 2, 3].map(async () => {
          const runner = dataSource.createQueryRunner();
          await runner.connect();
          return runner;
        }),
      ),
    );
    const work = client.run(select('SELECT 1'));
    await waitFor(() => client.stats()['waiting'] === 1);
    const during = client.stats();
    await Promise.all([work, ...runners.map((runner) => runner.release())]);
    await waitFor(() => client.stats()['total'] === 2);
    const rest = { size: 2, max: 3, recycled: 0, discarded: 0, prePings: 0, timedOut: 0 };
    expect(before).toEqual({ total: 1, idle: 1, inUse: 0, waiting: 0, opened: 1, ...rest });
    expect(during).toEqual({ total: 3, idle: 0, inUse: 3, waiting: 1, opened: 3, ...rest });
    expect(client.stats()).toEqual({ total: 2, idle: 2, inUse: 0, waiting: 0, opened: 3, ...rest });
  });

  it('does not wait for a connection for ever, and does not call that a failure of the server', async () => {
    const client = await connected(server.url, { size: 1, maxOverflow: 0, timeoutMs: 100 });
    const failures = failuresOf(client);
    const busy = client.run(select('SELECT pg_sleep(0.5)'));
    await expect(client.run(select('SELECT 1'))).rejects.toThrow(PoolTimeoutError);
    await busy;
    expect(failures).toEqual([]);
  });

  it('ends each statement that runs too long, and does not call that a failure of the server', async () => {
    const client = await connected(
      server.url,
      { statementTimeoutMs: 200 },
      { entities: [Note], migrations: [] },
    );
    const failures = failuresOf(client);
    const alone = await failureOf(client.run(select('SELECT pg_sleep(60)')));
    const inTransaction = await failureOf(
      client.run((dataSource) =>
        dataSource.transaction(async (manager) => {
          await manager.save(Note, { id: 'gone', text: 'x' });
          await manager.query('SELECT pg_sleep(60), $1::int', [1]);
        }),
      ),
    );
    const kept = await client.run((dataSource) => dataSource.getRepository(Note).countBy({ id: 'gone' }));
    expect([alone, inTransaction]).toMatchObject([
      { code: 'postgres_statement_timeout', data: { timeoutMs: 200 } },
      { code: 'postgres_statement_timeout', data: { timeoutMs: 200 } },
    ]);
    expect([kept, failures]).toEqual([0, []]);
  });

  it('gives those who use TypeORM alone its own error, with the code of PostgreSQL', async () => {
    const client = await connected(server.url, { statementTimeoutMs: 200 });
    const failure = await client.run((dataSource) => failureOf(dataSource.query('SELECT pg_sleep(60)')));
    expect(failure).toBeInstanceOf(QueryFailedError);
    expect(failure).toMatchObject({ code: '57014', message: 'the statement was cancelled after 200 ms' });
  });

  it('closes twice, and in the middle of work', async () => {
    const client = await connected(server.url);
    const other = await connected(server.url);
    const working = client.run(select('SELECT pg_sleep(60)'));
    const active = select(
      "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'",
    );
    await waitFor(async () => (await other.run(active)).length === 1);
    await Promise.all([
      expect(working).rejects.toThrow(DatastoreError),
      Promise.all([client.close(), client.close()]),
    ]);
    await expect(client.run(select('SELECT 1'))).rejects.toThrow(DatastoreError);
    expect(client.stats()['total']).toBe(0);
  });
});
