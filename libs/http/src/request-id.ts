import { randomUUID } from 'node:crypto';

/** The header that a request id is taken from and given in, in lower case. */
export const requestIdHeader = 'x-request-id';

const wellFormed = /^[A-Za-z0-9._-]{1,64}$/;

/** The id that the client gave its request, if that is 1 to 64 letters, digits, dots, underscores or dashes; else a new UUID. */
export function requestIdFrom(
  header: string | readonly string[] | undefined,
  newId: () => string = randomUUID,
): string {
  return typeof header === 'string' && wellFormed.test(header) ? header : newId();
}
