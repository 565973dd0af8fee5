import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from './self-signed-certificate.js';

async function codeOfHandshake(servername: string, hostnames: readonly string[]): Promise<string> {
  const certificate = await selfSignedCertificate(hostnames);
  const server = createServer(certificate).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', servername, ca: certificate.cert });
  try {
    await once(socket, 'secureConnect');
    return 'verified';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  } finally {
    socket.destroy();
    server.close();
  }
}

describe('selfSignedCertificate', () => {
  it.each([
    ['localhost', ['localhost', '127.0.0.1'], 'verified'],
    ['db.example', ['localhost', 'db.example'], 'verified'],
    ['other.example', ['localhost'], 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('as its own authority, under the name %s with %j: %s', async (servername, hostnames, expected) => {
    expect(await codeOfHandshake(servername, hostnames)).toBe(expected);
  });
});
