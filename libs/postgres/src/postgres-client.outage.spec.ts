import { type DevServer, freePort, startPostgres } from '@app/dev-services';
import { DatastoreError } from '@app/errors';
import { failureOf, FaultProxy, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connected, failuresOf, postgresClient, select, soon } from './postgres-client.fixture.js';

describe('PostgresClient whose server fails', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('ends a connection whose server is silent for too long, and tells of it', async () => {
    const client = await connected(server.url, { statementTimeoutMs: 200 });
    const failures = failuresOf(client);
    const slow = await client.run(async (dataSource) => {
      const runner = dataSource.createQueryRunner();
      const rows: readonly { pid: number }[] = await runner.query('SELECT pg_backend_pid() AS pid');
      process.kill(rows[0]?.pid ?? 0, 'SIGSTOP');
      onTestFinished(() => void process.kill(rows[0]?.pid ?? 0, 'SIGCONT'));
      const failure = await failureOf(client.run(() => runner.query('SELECT 1')));
      await runner.release();
      return failure;
    });
    expect(slow).toEqual(new DatastoreError('postgres', 'timeout'));
    expect(failures).toEqual(['timeout']);
    await expect(client.run(select('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
  });

  it('keeps an idle connection, however long the server is silent on it', async () => {
    const client = await connected(server.url, { statementTimeoutMs: 50 });
    const pid = async () => (await client.run(select('SELECT pg_backend_pid() AS pid')))[0]?.['pid'];
    const first = await pid();
    const since = performance.now();
    await waitFor(() => performance.now() - since > 150);
    expect(await pid()).toBe(first);
  });

  it('tells when the server ends the connections that nobody uses', async () => {
    const client = await connected(server.url);
    const failures = failuresOf(client);
    await (
      await connected(server.url)
    ).run(
      select(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'client-test' AND pid <> pg_backend_pid()`,
      ),
    );
    await waitFor(() => failures.length > 0);
    expect(new Set(failures)).toEqual(new Set(['refused']));
  });

  it('tells of a connection that was lost between two statements of a transaction', async () => {
    const client = await connected(server.url);
    const other = await connected(server.url);
    const work = client.run((dataSource) =>
      dataSource.transaction(async (manager) => {
        const [row] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        await other.run((others) => others.query('SELECT pg_terminate_backend($1)', [row?.pid]));
        await waitFor(() => client.stats()['total'] === 0);
        await manager.query('SELECT 1');
      }),
    );
    await expect(work).rejects.toEqual(new DatastoreError('postgres', 'refused'));
  });

  it('connects as soon as a ping has found the server, whatever is left of its pause', async () => {
    const port = await freePort();
    // Pauses that outlast the test.
    const client = postgresClient(
      server.url.replace(`:${server.port}`, `:${port}`),
      {},
      undefined,
      () => 1e6,
    );
    client.connect();
    await expect(client.ping(soon())).rejects.toMatchObject({ reason: 'refused' });
    await using proxy = await FaultProxy.start(server.port, port);
    await expect(client.ping(soon())).resolves.toMatchObject({ version: server.version });
    expect([proxy.connections > 1, await client.run(select('SELECT 1 AS one'))]).toEqual([
      true,
      [{ one: 1 }],
    ]);
  });

  it('connects to a server whose every answer is late, though a login takes longer than an attempt', async () => {
    await using proxy = await FaultProxy.start(server.port);
    await proxy.set({ kind: 'latency', requestMs: 0, answerMs: 700 });
    const url = server.url.replace(`:${server.port}`, `:${proxy.port}`);
    const client = postgresClient(url, { timeoutMs: 5_000 });
    client.connect();
    await client.whenConnected(AbortSignal.timeout(25_000));
    await expect(client.run(select('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
    await expect(client.ping(AbortSignal.timeout(2_000))).resolves.toMatchObject({ version: server.version });
  });

  it('comes back with the server', async () => {
    const restarted = await startPostgres();
    const client = await connected(restarted.url);
    const failures = failuresOf(client);
    const working = client.run(select('SELECT pg_sleep(60)'));
    await waitFor(() => client.stats()['idle'] === 0);
    restarted.signal('SIGKILL');
    await expect(working).rejects.toEqual(new DatastoreError('postgres', 'refused'));
    await expect(client.run(select('SELECT 1'))).rejects.toEqual(new DatastoreError('postgres', 'refused'));
    await restarted.start();
    await expect(client.run(select('SELECT 1 AS one'))).resolves.toEqual([{ one: 1 }]);
    await client.close();
    await restarted.stop();
    expect(new Set(failures)).toEqual(new Set(['refused']));
  });

  it('connects within two seconds of a server that comes late', async () => {
    const late = await startPostgres();
    late.signal('SIGKILL');
    const client = postgresClient(late.url);
    client.connect();
    await expect(client.whenConnected(AbortSignal.timeout(1_500))).rejects.toEqual(
      new DatastoreError('postgres', 'refused'),
    );
    await late.start();
    const startedAt = performance.now();
    await client.whenConnected(soon());
    const tookMs = performance.now() - startedAt;
    await client.close();
    await late.stop();
    expect(tookMs).toBeLessThan(2_000);
  });

  it('closes in time when the server is stopped', async () => {
    const stopped = await startPostgres();
    const idle = await connected(stopped.url);
    await idle.ping(soon());
    const connecting = postgresClient(stopped.url);
    stopped.signal('SIGSTOP');
    connecting.connect();
    const startedAt = performance.now();
    await Promise.all([idle, connecting].map((client) => client.close(AbortSignal.timeout(300))));
    const tookMs = performance.now() - startedAt;
    stopped.signal('SIGCONT');
    await stopped.stop();
    expect(tookMs).toBeLessThan(1_500);
  });
});
