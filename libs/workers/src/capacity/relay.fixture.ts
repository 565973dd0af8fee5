import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const keyData = 'K'.charCodeAt(0);

/** Stands between as a pooler does: what it announces as the process of a connection is made up. */
export const pooledUrl = (databaseUrl: string): Promise<string> =>
  relayedUrl(databaseUrl, { answer: rewriteProcessId });

/** Leads to the server from another address of this machine, as from another container. */
export const urlFromElsewhere = (databaseUrl: string): Promise<string> =>
  relayedUrl(databaseUrl, { localAddress: '127.0.0.2' });

interface Relay {
  /** Passes on what the server says. */
  readonly answer?: (from: Socket, to: Socket) => void;
  readonly localAddress?: string;
}

/** The URL of a relay to the server, which ends with the test. */
async function relayedUrl(databaseUrl: string, { answer, localAddress }: Relay): Promise<string> {
  const { hostname: host, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  // Half open, so that a goodbye has been heard by the server before the other side learns of the end.
  const relay = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host, port: Number(port), ...(localAddress && { localAddress }) });
    for (const socket of [client, upstream]) {
      sockets.add(socket.on('error', () => socket.destroy()).on('close', () => client.destroy()));
    }
    client.on('close', () => upstream.destroy()).pipe(upstream);
    if (answer === undefined) upstream.pipe(client);
    else answer(upstream, client);
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => relay.close(resolve));
  });
  const url = new URL(databaseUrl);
  url.port = String((relay.address() as AddressInfo).port);
  return url.href;
}

/** A message is its type, the length of what follows, and that; BackendKeyData has the process first. */
function rewriteProcessId(from: Socket, to: Socket): void {
  let pending = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 5 && pending.length >= 1 + pending.readInt32BE(1)) {
      const message = pending.subarray(0, 1 + pending.readInt32BE(1));
      pending = pending.subarray(message.length);
      const isKey = message[0] === keyData;
      if (isKey) message.writeInt32BE(message.readInt32BE(5) + 1, 5);
      to.write(message);
      if (!isKey) continue;
      from.off('data', look);
      to.write(pending);
      from.pipe(to);
      return;
    }
  };
  from.on('data', look);
}
