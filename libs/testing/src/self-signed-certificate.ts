import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** Both in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const altName = (hostname: string) =>
  isIP(hostname) === 0 ? { type: 2 as const, value: hostname } : { type: 7 as const, ip: hostname };

/**
 * A certificate for these host names and addresses, valid for a year. It is signed by itself and may serve
 * as its own authority: give `cert` to the client as its CA.
 */
export async function selfSignedCertificate(hostnames: readonly string[]): Promise<Certificate> {
  const [commonName = 'localhost'] = hostnames;
  const pems = await generate([{ name: 'commonName', value: commonName }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hostnames.map(altName) },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}
