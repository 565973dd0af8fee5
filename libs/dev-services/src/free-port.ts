import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that Linux and macOS give to outgoing connections: one of those may sit on a server's
// port while the server is down, and it could then not be started again.
const lowest = 15_000;
const highest = 32_000;
const tries = 50;

/** A port of 127.0.0.1 on which nothing listens at this moment. Throws if none is found in 50 tries. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (!(await isPortTaken(port))) return port;
  }
  throw new Error(`No free port between ${lowest} and ${highest} in ${tries} tries`);
}

/** Whether a server listens on that port, so that no other can. */
export async function isPortTaken(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  } finally {
    server.close();
  }
}
