import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FaultProxy } from './fault-proxy.js';
import { waitFor } from './wait-for.js';

/** A server that answers each line with the same line, and a proxy in front of it. */
async function echoing(): Promise<FaultProxy> {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await FaultProxy.start((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    server.close();
  });
  return proxy;
}

interface Peer {
  readonly socket: Socket;
  received: string;
  error: string | undefined;
}

/** A client whose socket is through the proxy. */
async function peer(proxy: FaultProxy): Promise<Peer> {
  const socket = connect(proxy.port, '127.0.0.1');
  const self: Peer = { socket, received: '', error: undefined };
  socket.setEncoding('utf8').on('data', (text: string) => (self.received += text));
  socket.on('error', (error) => (self.error = 'code' in error ? String(error.code) : error.message));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return self;
}

/** How long the echo takes, in milliseconds. */
async function echoMs(client: Peer, text = 'ping'): Promise<number> {
  const startedAt = performance.now();
  const expected = client.received + text;
  client.socket.write(text);
  await waitFor(() => client.received === expected, { message: `the echo of ${text}` });
  return performance.now() - startedAt;
}

describe('FaultProxy', () => {
  it('passes everything on in both directions, the end too', async () => {
    const client = await peer(await echoing());
    await echoMs(client, 'a'.repeat(200_000));
    client.socket.end('last');
    await once(client.socket, 'close');
    expect(client.received.endsWith('last')).toBe(true);
  });

  it('delays either direction, also of open connections, and keeps the order', async () => {
    const proxy = await echoing();
    const client = await peer(proxy);
    await echoMs(client);
    await proxy.set({ kind: 'latency', requestMs: 100, answerMs: 200 });
    const slow = await echoMs(client);
    await proxy.set({ kind: 'none' });
    expect([slow >= 299, (await echoMs(client)) < slow]).toEqual([true, true]);
    await proxy.set({ kind: 'latency', requestMs: 0, answerMs: 5_000 });
    client.socket.write('held,');
    await proxy.set({ kind: 'none' });
    client.socket.write('next');
    await waitFor(() => client.received.endsWith('held,next'));
  });

  it('holds everything back while it stalls, and accepts all the same', async () => {
    const proxy = await echoing();
    await proxy.set({ kind: 'stall' });
    const [client, other] = [await peer(proxy), await peer(proxy)];
    client.socket.write('held');
    await proxy.set({ kind: 'latency', requestMs: 0, answerMs: 0 });
    await echoMs(other);
    await waitFor(() => client.received === 'held');
    await proxy.set({ kind: 'stall' });
    other.socket.write('waits');
    await expect(waitFor(() => other.received !== 'ping', { timeoutMs: 100 })).rejects.toThrow('in vain');
    await proxy.set({ kind: 'none' });
    await waitFor(() => other.received === 'pingwaits');
  });

  it('cuts answers off in the middle and resets the connection, until it is told to stop', async () => {
    const proxy = await echoing();
    const open = await peer(proxy);
    await echoMs(open);
    await proxy.set({ kind: 'reset' });
    for (const client of [open, await peer(proxy)]) {
      const before = client.received;
      client.socket.write('whole!');
      await waitFor(() => client.socket.closed);
      expect([client.received, client.error]).toEqual([`${before}who`, 'ECONNRESET']);
    }
    await proxy.set({ kind: 'none' });
    await echoMs(await peer(proxy));
  });

  it('refuses, resets what is open, and listens again on the same port', async () => {
    const proxy = await echoing();
    const open = await peer(proxy);
    await proxy.set({ kind: 'refuse' });
    await waitFor(() => open.error === 'ECONNRESET');
    await expect(peer(proxy)).rejects.toThrow('ECONNREFUSED');
    expect(proxy.connections).toBe(0);
    await proxy.set({ kind: 'none' });
    await echoMs(await peer(proxy));
  });

  it('resets a client whose server is not there', async () => {
    const proxy = await echoing();
    const away = await FaultProxy.start((await FaultProxy.start(proxy.port).then(ended)).port);
    onTestFinished(() => away[Symbol.asyncDispose]());
    const client = await peer(away);
    await waitFor(() => client.socket.closed);
    expect(client.error).toBe('ECONNRESET');
  });
});

async function ended(proxy: FaultProxy): Promise<FaultProxy> {
  await proxy[Symbol.asyncDispose]();
  return proxy;
}

interface Case {
  readonly name: string;
  readonly start: typeof startPostgres;
  /** Asks the server something over a new connection. */
  readonly ask: (url: string) => Promise<unknown>;
}

const cases: readonly Case[] = [
  {
    name: 'PostgreSQL',
    start: startPostgres,
    ask: async (url) => {
      const client = new Client(url);
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query<{ one: number }>('SELECT 1 AS one')).rows[0]?.one;
      } finally {
        client.connection.stream.destroy();
      }
    },
  },
  {
    name: 'Redis',
    start: startRedis,
    ask: async (url) => {
      const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
      redis.on('error', () => undefined);
      try {
        await redis.connect();
        return await redis.ping();
      } finally {
        redis.disconnect();
      }
    },
  },
  { name: 'InfluxDB', start: startInfluxdb, ask: async (url) => (await fetch(`${url}/query?q=x`)).json() },
];

describe.each(cases)('FaultProxy in front of $name', ({ start, ask }) => {
  it('passes, delays and breaks off its answers', async () => {
    const server = await start();
    onTestFinished(() => server.stop());
    await using proxy = await FaultProxy.start(server.port);
    const url = server.url.replace(`:${server.port}`, `:${proxy.port}`);
    const answer = await ask(url);
    expect(answer).toEqual(await ask(server.url));
    await proxy.set({ kind: 'latency', requestMs: 50, answerMs: 50 });
    const startedAt = performance.now();
    expect(await ask(url)).toEqual(answer);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(99);
    await proxy.set({ kind: 'reset' });
    await expect(ask(url)).rejects.toThrow(/./);
    await proxy.set({ kind: 'none' });
    expect(await ask(url)).toEqual(answer);
  });
});
