import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from './listen.js';

const variables = { host: 'HOST', port: 'PORT' };
const servers: Server[] = [];

const listening = (host: string, port: number): Promise<number> => {
  const server = createServer();
  servers.push(server);
  return listen(server, { host, port, variables });
};

afterEach(() => servers.splice(0).forEach((server) => server.close()));

describe('listen', () => {
  it('names the port that another program has, and its variable', async () => {
    const port = await listening('127.0.0.1', 0);
    await expect(listening('127.0.0.1', port)).rejects.toMatchObject({
      code: 'port_in_use',
      detail: `Another program listens on 127.0.0.1:${String(port)} (PORT).`,
      advice: 'Stop the other program, or set PORT to another port.',
      data: { port },
      definition: { exitCode: 78 },
    });
  });

  it('names an address that this machine does not have', async () => {
    await expect(listening('192.0.2.1', 0)).rejects.toMatchObject({
      code: 'configuration_invalid',
      detail: 'The service cannot listen on 192.0.2.1:0 (EADDRNOTAVAIL).',
    });
  });
});
