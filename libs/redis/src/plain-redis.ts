import { connect } from 'node:net';

/**
 * Whether Redis answers there without TLS. A Redis that expects none takes the first bytes of a handshake for a
 * command and waits for its end, so that the handshake looks the same as one with a process that hangs.
 */
export function isPlainRedis(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    socket.once('data', (answer) => {
      resolve(/^[+-]/.test(answer.toString('latin1')));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.write('PING\r\n');
  });
}
