import { X509Certificate } from 'node:crypto';
import { kind, Refusal, type Kind } from './kind.js';

/** Phrases of the keys that frameworks, tutorials and examples ship, as in `your-secret-key-change-in-production`. */
const knownDefault =
  /change[-_ ]?(?:me|this|it|in)|your[-_ ]?(?:[a-z]+[-_ ]?)?(?:secret|key)|replace[-_ ]?(?:me|this|with)|insecure|placeholder|supersecret|09d25e094faa6ca2556c818166b7a956/i;

const repeatsBlock = (characters: readonly string[]): boolean =>
  [1, 2, 3, 4, 5, 6, 7, 8].some(
    (length) =>
      characters.length >= 2 * length &&
      characters.every((character, index) => index < length || character === characters[index - length]),
  );

function weaknesses(key: string): readonly string[] {
  const characters = Array.from(key);
  return [
    ...(characters.length < 32 ? ['is shorter than 32 characters'] : []),
    ...(new Set(characters).size < 10 ? ['has fewer than 10 different characters'] : []),
    ...(repeatsBlock(characters) ? ['repeats one short block of characters'] : []),
    ...(knownDefault.test(key) ? ['is a known default or placeholder'] : []),
  ];
}

/** A key that tokens are signed with. */
export const signingKey = (): Kind<string> =>
  kind(
    '32 characters or more, of them 10 different, not a short block over and over, not a known default',
    (given) => {
      const found = weaknesses(given);
      return found.length === 0 ? given : new Refusal(found.join(', '));
    },
  );

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** One or more certificates in PEM. */
export const certificates = (): Kind<string> =>
  kind('certificates in PEM (mostly given as DATASTORE_CA_FILE)', (given) => {
    const found = given.match(certificate) ?? [];
    if (found.length === 0) {
      return new Refusal('holds no certificate in PEM; the path of a file is given as DATASTORE_CA_FILE');
    }
    return found.every(isCertificate) ? given : new Refusal('holds a certificate that cannot be read');
  });
