import type { Socket } from 'node:net';
import type { ToWorker } from '../messages.js';

/** How a process has ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It could not even be started. */
  readonly error?: Error;
}

/** The process of a worker as its supervisor reaches it. */
export interface WorkerChannel {
  readonly pid: number;
  /** A message to a process that has ended is lost; its end is told. */
  send(message: ToWorker, connection?: Socket): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Told once. */
  onEnd(listener: (end: WorkerEnd) => void): void;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the process of a worker. */
export type StartWorker = () => WorkerChannel;
