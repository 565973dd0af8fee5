import { existsSync } from 'node:fs';
import { selfSignedCertificate } from '@app/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DevServer } from './dev-server.js';
import { probePostgres } from './probe.js';
import { startPgbouncer, startPostgres } from './start-server.js';

/** For `await using`. */
const stopping = (server: DevServer) => ({ server, [Symbol.asyncDispose]: () => server.stop() });

describe('startPgbouncer', () => {
  let postgres: DevServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('answers, comes again on the same port after it was killed, and leaves nothing behind', async () => {
    await using started = stopping(await startPgbouncer({ target: postgres.url }));
    const { url, port, dataDir } = started.server;
    started.server.signal('SIGKILL');
    await started.server.start();
    expect(started.server).toMatchObject({ url, port });
    await probePostgres(url);
    await started.server.stop();
    await expect(probePostgres(url)).rejects.toThrow('ECONNREFUSED');
    expect(existsSync(dataDir)).toBe(false);
  });

  it('gives its clients a server only for a transaction, and takes no unknown start-up parameter', async () => {
    await using started = stopping(
      await startPgbouncer({ target: postgres.url, settings: { default_pool_size: 1 } }),
    );
    const connectionString = started.server.url;
    const clients = [1, 2].map(() => new Client({ connectionString }));
    const pids = await Promise.all(
      clients.map(async (client) => {
        await client.connect();
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        return rows[0]?.pid;
      }),
    );
    await Promise.all(clients.map((client) => client.end()));
    expect(pids).toEqual([expect.any(Number), pids[0]]);
    await expect(new Client({ connectionString, statement_timeout: 1_000 }).connect()).rejects.toThrow(
      'unsupported startup parameter: statement_timeout',
    );
  });

  it('speaks TLS, and nothing else, with a certificate', async () => {
    const tls = await selfSignedCertificate(['127.0.0.1']);
    await using started = stopping(await startPgbouncer({ target: postgres.url, tls }));
    const { url } = started.server;
    await probePostgres(url);
    await expect(probePostgres(url.replace(/\?.*/, ''))).rejects.toThrow('SSL required');
  });
});
