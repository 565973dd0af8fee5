import { type DevServer, startPostgres } from '@app/dev-services';
import type { FailureReason } from '@app/errors';
import { selfSignedCertificate } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pingConnection, reasonOf, soon } from './ping-connection.fixture.js';

describe('PingConnection over TLS', () => {
  let server: DevServer;
  let ca: string;
  beforeAll(async () => {
    const certificate = await selfSignedCertificate(['db.example']);
    ca = certificate.cert;
    server = await startPostgres({ tls: certificate });
  });
  afterAll(() => server.stop());

  it.each<[string, boolean, string, FailureReason | 'none']>([
    ['require', false, 'any certificate', 'none'],
    ['require', true, 'a certificate of the CA, whatever its name', 'none'],
    ['verify-full', true, 'only a certificate for the host', 'tls'],
    ['verify-full', false, 'only a certificate of a public authority', 'tls'],
    ['disable', false, 'no TLS, which this server refuses', 'authentication'],
  ])('with sslmode=%s and a CA (%s) takes %s', async (mode, withCa, _, reason) => {
    const url = (url: URL): void => url.searchParams.set('sslmode', mode);
    expect(await reasonOf(pingConnection(server, withCa ? { url, ca } : { url }))).toBe(reason);
  });

  it('refuses a certificate that another CA has signed, also with sslmode=require', async () => {
    const other = await selfSignedCertificate(['db.example']);
    expect(await reasonOf(pingConnection(server, { ca: other.cert }))).toBe('tls');
  });

  it('takes a certificate for the host with sslmode=verify-full', async () => {
    const certificate = await selfSignedCertificate(['127.0.0.1']);
    const good = await startPostgres({ tls: certificate });
    const url = (url: URL): void => url.searchParams.set('sslmode', 'verify-full');
    const reason = await reasonOf(pingConnection(good, { url, ca: certificate.cert }));
    await good.stop();
    expect(reason).toBe('none');
  });

  it('ends with the signal when the server is stopped', async () => {
    const certificate = await selfSignedCertificate(['127.0.0.1']);
    const stopped = await startPostgres({ tls: certificate });
    const connection = pingConnection(stopped);
    await connection.ping(soon());
    stopped.signal('SIGSTOP');
    const reasons = [
      await reasonOf(connection, AbortSignal.timeout(200)),
      await reasonOf(pingConnection(stopped), AbortSignal.timeout(200)),
    ];
    stopped.signal('SIGCONT');
    await stopped.stop();
    expect(reasons).toEqual(['timeout', 'timeout']);
  });
});
