import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSignedCertificate, temporaryFolder } from '@app/testing';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import type { DevServer } from './dev-server.js';
import { DataInUseError, ServerNotStartedError } from './errors.js';
import { freePort } from './free-port.js';
import { probeHttp, probePostgres, probeRedis, type Probe } from './probe.js';
import { startInfluxdb, startPostgres, startRedis, startVictoriaMetrics } from './start-server.js';

const servers = [
  ['PostgreSQL', startPostgres, probePostgres],
  ['Redis', startRedis, probeRedis],
  ['InfluxDB', startInfluxdb, probeHttp('/ping')],
  ['VictoriaMetrics', startVictoriaMetrics, probeHttp('/health')],
] as const;

const answers = (probe: Probe, url: string) =>
  probe(url).then(
    () => true,
    () => false,
  );

/** For `await using`. */
const stopping = (server: DevServer) => ({ server, [Symbol.asyncDispose]: () => server.stop() });

async function query(server: DevServer, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

describe.each(servers)('%s', (_name, start, probe) => {
  it('answers, comes again on the same port after it was killed, and leaves nothing behind', async () => {
    await using started = stopping(await start());
    const { server } = started;
    const { url, pid, port } = server;
    await probe(url);
    server.signal('SIGKILL');
    await server.start();
    expect(server).toMatchObject({ url, port });
    expect(server.pid).not.toBe(pid);
    await probe(url);
    await server.stop();
    expect(await answers(probe, url)).toBe(false);
    expect(existsSync(server.dataDir)).toBe(false);
  });

  it('speaks TLS, and nothing else, with a certificate', async () => {
    await using started = stopping(await start({ tls: await selfSignedCertificate(['127.0.0.1']) }));
    const { url } = started.server;
    await probe(url);
    const plain = url.replace(/^(rediss|https)/, (scheme) => scheme.slice(0, -1)).replace(/\?.*/, '');
    expect(plain).not.toBe(url);
    expect(await answers(probe, plain)).toBe(false);
  });

  it('stops while it is suspended', async () => {
    await using started = stopping(await start());
    started.server.signal('SIGSTOP');
    await started.server.stop();
    expect(await answers(probe, started.server.url)).toBe(false);
  });

  it('listens on the port that is asked for', async () => {
    const port = await freePort();
    await using started = stopping(await start({ port }));
    expect(started.server.port).toBe(port);
    expect(new URL(started.server.url).port).toBe(String(port));
  });

  it('says the last lines of its log when it does not start', async () => {
    const failure = start({ args: ['--no-such-setting', 'on'] });
    await expect(failure).rejects.toThrow(ServerNotStartedError);
    await expect(failure).rejects.toThrow(
      /ended while it was started\. Its log ends with:\n.*no-such-setting/is,
    );
  });
});

describe('startPostgres', () => {
  it('keeps a given data folder, which only one can use at a time', async () => {
    await using folder = await temporaryFolder();
    const dataDir = join(folder.path, 'postgres');
    await using first = stopping(await startPostgres({ dataDir }));
    await query(first.server, 'CREATE TABLE kept AS SELECT 7 AS number');
    await expect(startPostgres({ dataDir })).rejects.toThrow(DataInUseError);
    await first.server.stop();

    await using second = stopping(await startPostgres({ dataDir }));
    expect(await query(second.server, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
  });

  it('takes further arguments', async () => {
    await using started = stopping(await startPostgres({ args: ['-c', 'max_connections=20'] }));
    expect(await query(started.server, 'SHOW max_connections')).toEqual([{ max_connections: '20' }]);
  });

  it('has a password of its own, in a file that only its user reads', async () => {
    await using started = stopping(await startPostgres());
    const password = await readFile(join(started.server.dataDir, 'password'), 'utf8');
    expect(new URL(started.server.url).password).toBe(password);
    await expect(probePostgres(started.server.url.replace(password, 'guess'))).rejects.toThrow(/password/);
  });

  it('resumes its children together with itself', async () => {
    await using started = stopping(await startPostgres());
    const client = new Client({ connectionString: started.server.url });
    await client.connect();
    started.server.signal('SIGSTOP');
    const answer = client.query('SELECT 1 AS one');
    started.server.signal('SIGCONT');
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await client.end();
  });
});

describe('startInfluxdb', () => {
  it('takes settings from the given environment', async () => {
    await using started = stopping(await startInfluxdb({ env: { INFLUXDB_HTTP_AUTH_ENABLED: 'true' } }));
    const answer = await fetch(`${started.server.url}/query?q=SHOW+DATABASES`);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/create admin user first/) });
  });
});
