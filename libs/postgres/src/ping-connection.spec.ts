import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type DevServer, freePort, startPostgres } from '@app/dev-services';
import type { DatastoreError, FailureReason } from '@app/errors';
import { fakeClock, waitFor } from '@app/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pingConnection, reasonOf, soon } from './ping-connection.fixture.js';

async function sql<Row extends object>(server: DevServer, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: server.url.replace(/\?.*/, '') });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const backends = async (server: DevServer) =>
  (
    await sql<{ pid: number }>(
      server,
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'ping-test'",
    )
  ).map(({ pid }) => pid);

describe('PingConnection', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('tells the version and the facts of a server that works', async () => {
    const connection = pingConnection(server);
    expect(await connection.ping(soon())).toEqual({
      version: server.version,
      facts: { inRecovery: false, connections: expect.any(Number), maxConnections: 100 },
    });
  });

  it('keeps its connection for a minute', async () => {
    const clock = fakeClock();
    const connection = pingConnection(server, { clock });
    await connection.ping(soon());
    const first = await backends(server);
    clock.advance(59_999);
    await connection.ping(soon());
    const second = await backends(server);
    clock.advance(1);
    await connection.ping(soon());
    const third = await waitFor(async () => {
      const now = await backends(server);
      return now.length === 1 && now[0] !== first[0] && now;
    });
    await connection.ping(soon());
    expect(first).toHaveLength(1);
    expect(second).toEqual(first);
    expect(await backends(server)).toEqual(third);
  });

  it('leaves no connection behind when several ask at once', async () => {
    const connection = pingConnection(server);
    await Promise.all([1, 2, 3].map(() => connection.ping(soon())));
    expect(await waitFor(async () => (await backends(server)).length === 1)).toBe(true);
    await connection.close();
    expect(await waitFor(async () => (await backends(server)).length === 0)).toBe(true);
  });

  it('tells when the kept connection is ended, and opens another', async () => {
    const failures: unknown[] = [];
    const connection = pingConnection(server, { failed: (error) => failures.push(error) });
    await connection.ping(soon());
    await sql(
      server,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ping-test'",
    );
    await waitFor(() => failures.length === 1);
    await expect(connection.ping(soon())).resolves.toMatchObject({ version: server.version });
  });

  it('sees that only reading works', async () => {
    const readOnly = await startPostgres({ args: ['-c', 'default_transaction_read_only=on'] });
    const result = await pingConnection(readOnly).ping(soon());
    await readOnly.stop();
    expect(result).toEqual({
      version: server.version,
      degraded: 'read_only',
      facts: { inRecovery: false, connections: expect.any(Number), maxConnections: 100 },
    });
  });

  it.each<[string, FailureReason, (url: URL) => void]>([
    ['a name that does not resolve', 'dns', (url) => (url.hostname = 'nowhere.invalid')],
    ['a wrong password', 'authentication', (url) => (url.password = 'wrong')],
    ['no password', 'authentication', (url) => (url.password = '')],
    ['a missing database', 'missing_database', (url) => (url.pathname = '/nothing')],
    ['TLS where none is spoken', 'tls', (url) => url.searchParams.set('sslmode', 'require')],
  ])('names the reason of %s', async (_, reason, url) => {
    expect(await reasonOf(pingConnection(server, { url }))).toBe(reason);
  });

  it('names the reason of a closed port', async () => {
    const port = await freePort();
    expect(await reasonOf(pingConnection(server, { url: (url) => (url.port = String(port)) }))).toBe(
      'refused',
    );
  });

  it('tells of a password that was changed within a minute, and names the reason from then on', async () => {
    const clock = fakeClock();
    const failures: unknown[] = [];
    await sql(server, "CREATE ROLE guest LOGIN PASSWORD 'first'");
    const connection = pingConnection(server, {
      clock,
      failed: (error) => failures.push(error),
      url: (url) => Object.assign(url, { username: 'guest', password: 'first' }),
    });
    await connection.ping(soon());
    await sql(server, "ALTER ROLE guest PASSWORD 'second'");
    await connection.ping(soon());
    clock.advance(60_000);
    await connection.ping(soon());
    await waitFor(() => failures.length === 1);
    expect(await reasonOf(connection)).toBe('authentication');
    expect(await reasonOf(connection)).toBe('authentication');
  });

  it.each(['before it has a connection', 'on the connection that it keeps'])(
    'ends with the signal when the server is stopped, %s',
    async (when) => {
      const stopped = await startPostgres();
      const connection = pingConnection(stopped);
      if (when.startsWith('on')) await connection.ping(soon());
      stopped.signal('SIGSTOP');
      const startedAt = performance.now();
      const reason = await reasonOf(connection, AbortSignal.timeout(300));
      const tookMs = performance.now() - startedAt;
      stopped.signal('SIGCONT');
      await stopped.stop();
      expect(reason).toBe('timeout');
      expect(tookMs).toBeLessThan(1_000);
    },
  );

  it('ends with a signal that has aborted before', async () => {
    expect(await reasonOf(pingConnection(server), AbortSignal.abort())).toBe('timeout');
  });

  it('answers again after a restart of the server', async () => {
    const restarted = await startPostgres();
    const connection = pingConnection(restarted);
    await connection.ping(soon());
    restarted.signal('SIGKILL');
    const reason = await waitFor(() =>
      connection.ping(soon()).then(
        () => '',
        (error: DatastoreError) => error.reason,
      ),
    );
    await restarted.start();
    await expect(connection.ping(soon())).resolves.toMatchObject({ version: restarted.version });
    await restarted.stop();
    expect(reason).toBe('refused');
  });

  it('names the reason of a server that has no connection left', async () => {
    const full = await startPostgres({
      args: ['-c', 'max_connections=2', '-c', 'superuser_reserved_connections=0', '-c', 'max_wal_senders=0'],
    });
    const others = [1, 2].map(() => new Client({ connectionString: full.url }));
    await Promise.all(others.map((other) => other.connect()));
    const reason = await reasonOf(pingConnection(full));
    await Promise.all(others.map((other) => other.end()));
    await full.stop();
    expect(reason).toBe('too_many_connections');
  });

  it('notices within a minute that the server has no connection left beside its own', async () => {
    const clock = fakeClock();
    const full = await startPostgres({
      args: ['-c', 'max_connections=2', '-c', 'superuser_reserved_connections=0', '-c', 'max_wal_senders=0'],
    });
    const failures: unknown[] = [];
    const connection = pingConnection(full, { clock, failed: (error) => failures.push(error) });
    await connection.ping(soon());
    const other = new Client({ connectionString: full.url });
    await other.connect();
    const before = await reasonOf(connection);
    clock.advance(60_000);
    await connection.ping(soon());
    await waitFor(() => failures.length === 1);
    const after = await reasonOf(connection);
    await other.end();
    await full.stop();
    expect([before, after]).toEqual(['none', 'too_many_connections']);
  });

  it('sees that the server is starting up', async () => {
    const starting = await startPostgres();
    starting.signal('SIGTERM');
    const data = join(starting.dataDir, 'data');
    await writeFile(join(data, 'recovery.signal'), '');
    await appendFile(join(data, 'postgresql.auto.conf'), "restore_command = 'sleep 0.3; false'\n");
    const started = starting.start();
    const connection = pingConnection(starting);
    const reasons = new Set<FailureReason | 'none'>();
    await waitFor(async () => reasons.add(await reasonOf(connection)).has('none'));
    await started;
    await starting.stop();
    expect([...reasons]).toEqual(expect.arrayContaining(['starting_up', 'none']));
  });

  it('sees that the server is in recovery', async () => {
    const standby = await startPostgres();
    standby.signal('SIGTERM');
    await writeFile(join(standby.dataDir, 'data', 'standby.signal'), '');
    await standby.start();
    const connection = pingConnection(standby);
    const result = await connection.ping(soon());
    await standby.stop();
    expect(result).toEqual({
      version: standby.version,
      degraded: 'read_only',
      facts: { inRecovery: true, connections: expect.any(Number), maxConnections: 100 },
    });
  });
});

describe('PingConnection to a server that hangs up', () => {
  it('is refused', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end()),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const reason = await reasonOf(pingConnection({ url: `postgres://u:p@127.0.0.1:${port}/x` }));
    server.close();
    expect(reason).toBe('refused');
  });
});
