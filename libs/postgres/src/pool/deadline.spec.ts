import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '@app/dev-services';
import { Deadline } from './deadline.js';

function holdUp(ms: number): void {
  const since = performance.now();
  while (performance.now() - since < ms);
}

describe('Deadline', () => {
  it('passes after its time', async () => {
    const since = performance.now();
    await new Promise<void>((resolve) => void new Deadline(50, resolve));
    expect(performance.now() - since).toBeGreaterThanOrEqual(49);
  });

  it('lets what has arrived while the event loop was held up come first', async () => {
    const port = await freePort();
    const server = createServer((socket) => socket.end('answer')).listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const order: string[] = [];
    const passed = new Promise<void>((resolve) => {
      const deadline = new Deadline(20, () => {
        order.push('deadline');
        resolve();
      });
      socket.once('data', () => {
        order.push('answer');
        deadline.clear();
        resolve();
      });
    });
    holdUp(100);
    await passed;
    socket.destroy();
    expect(order).toEqual(['answer']);
  });
});
