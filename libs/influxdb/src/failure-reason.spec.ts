import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { DatastoreError } from '@app/errors';
import { type DevServer, freePort, startInfluxdb } from '@app/dev-services';
import { selfSignedCertificate, suspend, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { InfluxClient } from './influx-client.js';
import { clientOf as anyClientOf } from './influxdb.fixture.js';
import type { InfluxClientOptions } from './options.js';

const clientOf = (url: string, options: Partial<InfluxClientOptions> = {}) =>
  anyClientOf(url, { api: 'v1', database: 'trading', ...options });

const password = 'secret-password-of-the-test';

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no failure';
  } catch (error) {
    if (inspect(error, { depth: 10 }).includes(password)) return 'tells the password';
    return error instanceof DatastoreError ? error.reason : inspect(error);
  }
}

/** What a ping, a write and a query say of the same failure. */
async function reasonsOf(client: InfluxClient, timeoutMs = 5_000): Promise<string[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  return Promise.all([
    reasonOf(client.ping(signal)),
    reasonOf(client.write(['m v=1i 1'], { signal })),
    reasonOf(client.query('SELECT v FROM m', { signal })),
  ]);
}

const allOf = (reason: string): string[] => [reason, reason, reason];

/** The URL of a server that answers every request as it is told to: no InfluxDB, or a broken one. */
async function startHttp(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startTcp(answer: string): Promise<string> {
  const server = createTcpServer((socket) => socket.on('error', () => socket.destroy()).end(answer));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('influxFailureReason', () => {
  it('is dns for a name that does not resolve', async () => {
    expect(await reasonsOf(clientOf('http://influxdb.invalid:8086'))).toEqual(allOf('dns'));
  });

  it('is refused for a closed port', async () => {
    expect(await reasonsOf(clientOf(`http://127.0.0.1:${await freePort()}`))).toEqual(allOf('refused'));
  });

  it('is server_error for a server that answers 500 or 503', async () => {
    for (const status of [500, 503]) {
      const url = await startHttp((_request, response) => response.writeHead(status).end('broken'));
      expect(await reasonsOf(clientOf(url))).toEqual(allOf('server_error'));
      expect(await reasonsOf(clientOf(url, { api: 'auto' }))).toEqual(allOf('server_error'));
      expect(await reasonsOf(clientOf(url, { api: 'v2' }))).toEqual(allOf('server_error'));
    }
  });

  it('is protocol for a web server that is not InfluxDB, whatever it answers, and never a refusal of lines', async () => {
    for (const status of [200, 204, 302, 400, 404, 405]) {
      const url = await startHttp((_request, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>It works</h1>'),
      );
      expect([status, await reasonsOf(clientOf(url))]).toEqual([status, allOf('protocol')]);
      expect([status, await reasonsOf(clientOf(url, { api: 'auto' }))]).toEqual([status, allOf('protocol')]);
    }
  });

  it('is protocol for a server that does not speak HTTP', async () => {
    expect(await reasonsOf(clientOf(await startTcp('-ERR unknown command\r\n')))).toEqual(allOf('protocol'));
  });

  it('is refused for a server that closes without an answer, or in the middle of it', async () => {
    expect(await reasonsOf(clientOf(await startTcp('')))).toEqual(allOf('refused'));
    const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"results":[';
    expect(await reasonsOf(clientOf(await startTcp(half)))).toEqual(allOf('refused'));
  });

  describe('with InfluxDB', () => {
    let server: DevServer;
    beforeAll(async () => {
      server = await startInfluxdb({ env: { INFLUXDB_HTTP_AUTH_ENABLED: 'true' } });
      await influxql('admin', `CREATE USER admin WITH PASSWORD '${password}' WITH ALL PRIVILEGES`);
      await influxql('admin', `CREATE USER reader WITH PASSWORD '${password}'`);
      // What a test learns of a user is to be about that user, and not about one who is not there yet.
      await waitFor(() => influxql('reader', 'SHOW DATABASES').then(() => true), { message: 'reader' });
    });

    async function influxql(user: string, q: string): Promise<void> {
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      const body = new URLSearchParams({ q });
      const answer = await fetch(`${server.url}/query`, { method: 'POST', body, headers: { authorization } });
      const text = await answer.text();
      // It answers 200 to a statement that failed, too.
      if (!answer.ok || text.includes('"error"')) throw new Error(`${q.slice(0, 20)}: ${text}`);
    }

    afterAll(async () => {
      await server.stop();
    });

    it('is authentication without credentials and with wrong ones, and nothing with the right ones', async () => {
      const admin = { username: 'admin', password };
      expect(await reasonsOf(clientOf(server.url))).toEqual(allOf('authentication'));
      expect(await reasonsOf(clientOf(server.url, { username: 'admin', password: `${password}!` }))).toEqual(
        allOf('authentication'),
      );
      expect(await reasonsOf(clientOf(server.url, { api: 'auto', database: 'a', ...admin }))).toEqual(
        allOf('no failure'),
      );
    });

    it('is authentication for a user who may not write, and missing_database where he sees none', async () => {
      const reader = { username: 'reader', password };
      const client = clientOf(server.url, { database: 'not-his', ...reader });

      expect(await reasonOf(client.ping(AbortSignal.timeout(5_000)))).toBe('no failure');
      expect(await client.ensureDatabase()).toBe(false);
      expect(await reasonOf(client.write(['m v=1i 1']))).toBe('missing_database');
      expect(await reasonOf(client.ping(AbortSignal.timeout(5_000)))).toBe('missing_database');

      await clientOf(server.url, { database: 'not-his', username: 'admin', password }).ensureDatabase();
      expect(await reasonOf(client.write(['m v=1i 1']))).toBe('authentication');
    });

    it('is timeout for a stopped process, soon after the signal aborts, and nothing once it goes on', async () => {
      const client = clientOf(server.url, { username: 'admin', password });
      await client.ping(AbortSignal.timeout(5_000));
      await suspend(server);
      const startedAt = performance.now();
      const reasons = await reasonsOf(client, 300);
      const took = performance.now() - startedAt;
      server.signal('SIGCONT');

      expect(reasons).toEqual(allOf('timeout'));
      expect(took).toBeLessThan(1_000);
      expect(await reasonsOf(client)).toEqual(allOf('no failure'));
    });

    it('is tls where none is spoken', async () => {
      expect(await reasonsOf(clientOf(server.url.replace('http:', 'https:')))).toEqual(allOf('tls'));
    });
  });

  it('is tls for a certificate of another name or of an unknown authority, and nothing for a right one', async () => {
    const right = await selfSignedCertificate(['localhost', '127.0.0.1']);
    const named = await selfSignedCertificate(['influxdb.example']);
    const good = await startInfluxdb({ tls: right });
    onTestFinished(() => good.stop());
    const misnamed = await startInfluxdb({ tls: named });
    onTestFinished(() => misnamed.stop());

    expect(await reasonsOf(clientOf(good.url, { ca: right.cert }))).toEqual(allOf('no failure'));
    expect(await reasonsOf(clientOf(good.url))).toEqual(allOf('tls'));
    expect(await reasonsOf(clientOf(misnamed.url, { ca: named.cert }))).toEqual(allOf('tls'));
    expect(await reasonsOf(clientOf(good.url.replace('https:', 'http:')))).toEqual(allOf('protocol'));
  });
});
