import { randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';

/** The two ends of a network between this machine and an engine; the prefix has 24 bits. */
export interface TestNet {
  readonly outside: string;
  readonly inside: string;
}

/** A network that this machine is not yet in, of the range that RFC 2544 sets aside for tests. */
export function freeTestNet(): TestNet {
  const taken = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (;;) {
    const net = `198.${String(randomInt(18, 20))}.${String(randomInt(256))}`;
    if (taken.every(({ address }) => !address.startsWith(`${net}.`))) {
      return { outside: `${net}.1`, inside: `${net}.2` };
    }
  }
}
