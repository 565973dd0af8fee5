import cluster, { type Worker } from 'node:cluster';
import { readFromWorker } from '../messages.js';
import { makeFirstToGo } from './first-to-go.js';
import type { StartWorker, WorkerChannel, WorkerEnd } from './worker-channel.js';

/** Starts workers as node:cluster does: this program again, its output going where this process's goes. */
export function startClusterWorkers(flags: readonly string[]): StartWorker {
  cluster.setupPrimary({ execArgv: [...flags] });
  return () => channelTo(cluster.fork());
}

/** How long messages of a process that has ended are waited for, in milliseconds: they are here already. */
const lastMessagesMs = 100;

function channelTo(worker: Worker): WorkerChannel {
  const { process: child } = worker;
  const weighAsOthers = makeFirstToGo(child.pid ?? 0);
  worker.on('message', (message: unknown) => {
    if (readFromWorker(message)?.type === 'ready') weighAsOthers();
  });
  const ended = Promise.withResolvers<WorkerEnd>();
  worker.once('exit', (code: number | null, signal: string | null) => {
    const tell = (): void => ended.resolve({ code, signal: signal as NodeJS.Signals | null });
    if (!worker.isConnected()) {
      tell();
      return;
    }
    // Its last messages are yet to be read. After a connection that it has not taken Node tells of no disconnect.
    worker.once('disconnect', tell);
    setTimeout(tell, lastMessagesMs);
  });
  // Of a message that could not be sent, too; then the process has ended, or will.
  worker.on('error', (error: Error) => {
    if (child.pid === undefined) ended.resolve({ code: null, signal: null, error });
  });
  return {
    pid: child.pid ?? 0,
    send(message, connection) {
      // The callback takes the error of a process that has just ended, which would be thrown otherwise.
      child.send(message, connection, { keepOpen: true }, () => undefined);
    },
    onMessage: (listener) => void worker.on('message', (message: unknown) => listener(message)),
    onEnd: (listener) => void ended.promise.then(listener),
    kill: (signal) => void child.kill(signal),
  };
}
