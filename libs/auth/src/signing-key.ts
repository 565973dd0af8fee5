import { createHash, createSecretKey } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';

/** A secret that tokens are signed with, and the id that they name it by. */
export interface SigningKey {
  readonly id: string;
  readonly jwt: JwtService;
}

const idLength = 8;

/** The id is the start of a labelled hash of the secret: it tells keys apart and does not give the secret away. */
export function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`token-key-id:${secret}`).digest('hex').slice(0, idLength);
  return { id, jwt: new JwtService({ secret: createSecretKey(secret, 'utf8') }) };
}
