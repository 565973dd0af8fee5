import { type DevServer, startPostgres } from '@app/dev-services';
import { AppError, coreErrors, DatastoreError } from '@app/errors';
import { waitFor } from '@app/testing';
import { Client } from 'pg';
import { Column, Entity, PrimaryColumn, QueryFailedError } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected, failuresOf, postgresClient, select, soon } from './postgres-client.fixture.js';

@Entity('notes')
class Note {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  text!: string;
}

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
    const works = [1, 2, 3, 4].map(() => client.run(select('SELECT pg_sleep(0.2)')));
    await waitFor(() => client.stats()['waiting'] === 1);
    const during = client.stats();
    await Promise.all(works);
    expect(before).toEqual({ total: 1, idle: 1, waiting: 0, size: 2, max: 3 });
    expect(during).toEqual({ total: 3, idle: 0, waiting: 1, size: 2, max: 3 });
    expect(client.stats()).toEqual({ total: 3, idle: 3, waiting: 0, size: 2, max: 3 });
  });

  it('does not wait for a connection for ever', async () => {
    const client = await connected(server.url, { size: 1, maxOverflow: 0, timeoutMs: 100 });
    const busy = client.run(select('SELECT pg_sleep(0.5)'));
    await expect(client.run(select('SELECT 1'))).rejects.toEqual(new DatastoreError('postgres', 'timeout'));
    await busy;
  });

  it('closes twice, and in the middle of work', async () => {
    const client = await connected(server.url);
    const working = client.run(select('SELECT pg_sleep(60)'));
    await waitFor(() => client.stats()['idle'] === 0);
    await Promise.all([
      expect(working).rejects.toThrow(DatastoreError),
      Promise.all([client.close(), client.close()]),
    ]);
    await expect(client.run(select('SELECT 1'))).rejects.toThrow(DatastoreError);
    expect(client.stats()['total']).toBe(0);
  });
});
