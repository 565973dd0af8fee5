import cluster from 'node:cluster';
import type { Socket } from 'node:net';
import { type FromWorker, readToWorker, type ToWorker } from '../messages.js';

/** The supervisor as a worker reaches it. */
export interface ParentChannel {
  /**
   * Once it is gone, a message is lost.
   * @param sent Called when the message is on its way, or lost.
   */
  send(message: FromWorker, sent?: () => void): void;
  /** Without a connection where that was closed on its way. */
  onMessage(listener: (message: ToWorker, connection: Socket | undefined) => void): void;
  /** It is gone; told at once where it is already. */
  onGone(listener: () => void): void;
}

/** The channel that node:cluster has given this process. */
export function clusterChannel(): ParentChannel {
  const gone = Promise.withResolvers<void>();
  const { worker } = cluster;
  worker?.once('disconnect', () => {
    // node:cluster would end the process here and now.
    worker.exitedAfterDisconnect = true;
    gone.resolve();
  });
  return {
    send(message, sent) {
      // The callback takes the error of a channel that has just been closed, which would be thrown otherwise.
      if (process.connected) process.send?.(message, undefined, undefined, () => sent?.());
      else sent?.();
    },
    onMessage(listener) {
      process.on('message', (raw: unknown, connection: unknown) => {
        const message = readToWorker(raw);
        if (message !== undefined) listener(message, connection as Socket | undefined);
      });
    },
    onGone: (listener) => void gone.promise.then(listener),
  };
}
