import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { Client } from 'pg';

const timeoutMs = 2000;

/** Resolves when the server did a small piece of real work; rejects while it does not. */
export type Probe = (url: string) => Promise<void>;

/** Logs in and runs a statement. */
export const probePostgres: Probe = async (url) => {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const client = new Client({
    host: hostname,
    port: Number(port),
    user: username,
    password,
    database: pathname.slice(1),
    ssl: searchParams.has('sslmode') ? { rejectUnauthorized: false } : false,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** PING; a server that wants a password first is up as well, one that still loads its data is not. */
export const probeRedis: Probe = (url) => {
  const { hostname: host, protocol, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket =
      protocol === 'rediss:'
        ? tlsConnect({ host, port: Number(port), rejectUnauthorized: false })
        : connect({ host, port: Number(port) });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
    socket.once('data', (answer) => {
      if (/^(\+PONG|-NOAUTH)/.test(answer.toString())) resolve();
      else reject(new Error(answer.toString().trim()));
      socket.destroy();
    });
    socket.write('PING\r\n');
  });
};

/** A GET of that path that is answered with a 2xx. */
export function probeHttp(path: string): Probe {
  return (url) =>
    new Promise((resolve, reject) => {
      const send = url.startsWith('https:') ? httpsRequest : httpRequest;
      const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(timeoutMs) };
      const request = send(new URL(path, url), options, ({ statusCode = 0 }) => {
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`status ${statusCode}`));
        request.destroy();
      });
      request.on('error', reject).end();
    });
}
