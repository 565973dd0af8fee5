import { type DevServer, startPostgres } from '@app/dev-services';
import { FaultProxy, type ProxyFault, fakeClock, selfSignedCertificate, waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pingConnection, reasonOf } from './ping-connection.fixture.js';

const lateMs = 400;
/** Longer than one answer takes, and shorter than a login, which takes three. */
const oneAnswer = () => AbortSignal.timeout(2 * lateMs);
const slow = { kind: 'latency', requestMs: 0, answerMs: lateMs } as const;

/** A server behind a proxy, for the tests of the calling block. */
function slowServer(names?: readonly string[]) {
  let server: DevServer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    const tls = names === undefined ? undefined : await selfSignedCertificate(names);
    server = await startPostgres(tls === undefined ? {} : { tls });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    proxy = await FaultProxy.start(server.port);
  });
  afterEach(() => proxy[Symbol.asyncDispose]());
  return {
    connect: (setting: Parameters<typeof pingConnection>[1] = {}) =>
      pingConnection(server, { ...setting, url: (url) => (url.port = String(proxy.port)) }),
    set: (fault: ProxyFault) => proxy.set(fault),
    connections: () => proxy.connections,
  };
}

describe.each([
  ['', undefined],
  [' over TLS', ['127.0.0.1']],
] as const)('PingConnection%s to a server whose every answer is late', (_, names) => {
  const server = slowServer(names);

  it('ends with the signal, and has its connection some pings later', async () => {
    await server.set(slow);
    const connection = server.connect();
    const first = await reasonOf(connection, oneAnswer());
    await waitFor(async () => (await reasonOf(connection, oneAnswer())) === 'none');
    expect([first, await reasonOf(connection, oneAnswer())]).toEqual(['timeout', 'none']);
    expect(server.connections()).toBe(1);
  });

  it('answers all the time while it opens its next connection', async () => {
    const clock = fakeClock();
    const failures: unknown[] = [];
    const connection = server.connect({ clock, failed: (error) => failures.push(error) });
    await connection.ping(AbortSignal.timeout(5_000));
    await server.set(slow);
    clock.advance(60_000);
    const reasons = [];
    const counts = new Set<number>();
    do {
      reasons.push(await reasonOf(connection, oneAnswer()));
      counts.add(server.connections());
    } while (!counts.has(2) || server.connections() === 2);
    reasons.push(await reasonOf(connection, oneAnswer()));
    expect(new Set(reasons)).toEqual(new Set(['none']));
    expect([server.connections(), failures]).toEqual([1, []]);
  });
});

describe('A login of PingConnection beyond its ping', () => {
  const server = slowServer();

  it('gives up a login that takes too long, tells of it, and then answers for the server no longer', async () => {
    const clock = fakeClock();
    const failures: unknown[] = [];
    const connection = server.connect({
      clock,
      loginWithin: 2 * lateMs,
      failed: (error) => failures.push(error),
    });
    await connection.ping(AbortSignal.timeout(5_000));
    await server.set(slow);
    clock.advance(60_000);
    const before = await reasonOf(connection, oneAnswer());
    await waitFor(() => failures.length === 1);
    const after = await reasonOf(connection, oneAnswer());
    expect([before, after]).toEqual(['none', 'timeout']);
  });

  it('gives up a login at which the server falls silent, with its ping', async () => {
    await server.set(slow);
    const connection = server.connect({ loginWithin: 60_000 });
    const first = await reasonOf(connection, oneAnswer());
    const after = server.connections();
    await server.set({ kind: 'stall' });
    const second = await reasonOf(connection, oneAnswer());
    await server.set({ kind: 'none' });
    await waitFor(() => server.connections() === 0);
    expect([first, after, second]).toEqual(['timeout', 1, 'timeout']);
  });

  it('leaves nothing behind when it is closed in the middle of a login', async () => {
    await server.set(slow);
    const connection = server.connect();
    await reasonOf(connection, oneAnswer());
    await connection.close();
    await waitFor(() => server.connections() === 0);
    expect(await reasonOf(connection, AbortSignal.timeout(5_000))).toBe('none');
    await waitFor(() => server.connections() === 0);
  });
});
