import { loadConfig } from '@app/config';
import { ConfigModule } from '@app/config/nest';
import { type DevServer, startPostgres } from '@app/dev-services';
import { Lifecycle } from '@app/lifecycle';
import { LifecycleModule } from '@app/lifecycle/nest';
import { waitFor } from '@app/testing';
import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Client } from 'pg';
import { DataSource, type Repository } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Note } from './note.fixture.js';
import { PostgresClient } from './postgres-client.js';
import { PostgresModule } from './postgres.module.js';

/** A feature as a user of the module writes it, with an entity that the module was not told of. */
@Injectable()
class Notes {
  constructor(
    @InjectRepository(Note) readonly repository: Repository<Note>,
    readonly postgres: PostgresClient,
  ) {}
}

@Module({ imports: [TypeOrmModule.forFeature([Note])], providers: [Notes] })
class NotesModule {}

describe('PostgresModule', () => {
  let server: DevServer;
  let lifecycle: Lifecycle;
  let application: TestingModule;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(() => application.close());
  afterAll(() => server.stop());

  async function start(databaseUrl: string, name = 'module-test', worker?: number): Promise<TestingModule> {
    const { config } = await loadConfig(['app', 'datastores', 'performance'], {
      env: {
        NODE_ENV: 'test',
        APP_NAME: name,
        DATABASE_URL: databaseUrl,
        REDIS_URL: 'redis://unused.invalid',
        INFLUXDB_URL: 'http://unused.invalid',
      },
      directory: import.meta.dirname,
    });
    lifecycle = new Lifecycle(['postgres']);
    application = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(config),
        LifecycleModule.forRoot(lifecycle),
        PostgresModule.forRoot({ entities: [], migrations: [] }, worker),
        NotesModule,
      ],
    }).compile();
    return application.init();
  }

  it('gives the client and repositories to the features', async () => {
    const { postgres, repository } = (await start(server.url)).get(Notes, { strict: false });
    await postgres.whenConnected(AbortSignal.timeout(10_000));
    const [name] = await postgres.run((dataSource) =>
      dataSource.query<{ name: string }[]>("SELECT current_setting('application_name') AS name"),
    );
    await postgres.run((dataSource) =>
      dataSource.query('CREATE TABLE notes (id text PRIMARY KEY, text text)'),
    );
    await repository.save({ id: 'a', text: 'first' });
    expect(await repository.findBy({ id: 'a' })).toEqual([{ id: 'a', text: 'first' }]);
    expect(name).toEqual({ name: 'module-test' });
  });

  it('shows the server which worker it is', async () => {
    const client = (await start(server.url, 'module-test', 2)).get(PostgresClient, { strict: false });
    await client.whenConnected(AbortSignal.timeout(10_000));
    const [row] = await client.run((dataSource) =>
      dataSource.query<{ name: string }[]>("SELECT current_setting('application_name') AS name"),
    );
    expect(row).toEqual({ name: 'module-test/2' });
  });

  it('starts without the server, and connects when it comes', async () => {
    const late = await startPostgres();
    late.signal('SIGKILL');
    const client = (await start(late.url)).get(PostgresClient, { strict: false });
    await late.start();
    await expect(client.whenConnected(AbortSignal.timeout(10_000))).resolves.toBeUndefined();
    await application.close();
    await late.stop();
  });

  it('stays open for the hooks of all modules while draining, and closes as a step of the shutdown', async () => {
    const started = await start(server.url);
    const client = started.get(PostgresClient, { strict: false });
    const dataSource = started.get(DataSource, { strict: false });
    await client.whenConnected(AbortSignal.timeout(10_000));
    const [step] = lifecycle.shutdown.of('close');
    expect(step?.name).toBe('postgres');
    lifecycle.application.enter('draining', 'test');
    await application.close();
    await expect(client.run((source) => source.query('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
    await step?.run(AbortSignal.timeout(5_000));
    expect(dataSource.isInitialized).toBe(false);
  });

  it('leaves no connection behind when only the application is closed', async () => {
    const client = (await start(server.url, 'left-behind')).get(PostgresClient, { strict: false });
    await client.whenConnected(AbortSignal.timeout(10_000));
    await application.close();
    const watcher = new Client({ connectionString: server.url });
    await watcher.connect();
    const left = () => watcher.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'left-behind'");
    expect(await waitFor(async () => (await left()).rowCount === 0)).toBe(true);
    await watcher.end();
  });
});
