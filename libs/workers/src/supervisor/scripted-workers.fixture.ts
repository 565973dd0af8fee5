import type { Socket } from 'node:net';
import type { FamilyText } from '@app/metrics';
import { waitFor } from '@app/testing';
import type { FromWorker, ServiceSettings, ToWorker } from '../messages.js';
import type { StartWorker, WorkerEnd } from './worker-channel.js';

export const settings: ServiceSettings = {
  name: 'test',
  host: '127.0.0.1',
  port: 0,
  managementHost: '127.0.0.1',
  managementPort: 0,
  logging: { level: 'fatal', format: 'json', dir: undefined, file: undefined },
  stuckTimeoutMs: 300,
  startupTimeoutMs: 20_000,
  shutdownTimeoutMs: 2_000,
};

/** A worker without a process: it says what the test has it say. */
export class ScriptedWorker {
  readonly told: ToWorker[] = [];
  readonly connections: Socket[] = [];
  readonly killed: NodeJS.Signals[] = [];
  /** Goes on giving signs of life once it is ready. */
  alive = true;
  /** Ends when it is told to, or killed. */
  obedient = true;
  #listener: (message: unknown) => void = () => undefined;
  #ended: (end: WorkerEnd) => void = () => undefined;
  #metrics: (() => readonly FamilyText[]) | undefined;

  constructor(readonly pid: number) {}

  hear(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  whenEnded(listener: (end: WorkerEnd) => void): void {
    this.#ended = listener;
  }

  tell(message: ToWorker, connection?: Socket): void {
    this.told.push(message);
    if (connection !== undefined) this.connections.push(connection);
    if (message.type === 'end' && this.obedient) this.end({ code: 0, signal: null });
    if (message.type === 'collect' && this.#metrics !== undefined)
      this.say({ type: 'metrics', families: this.#metrics() });
  }

  say(message: FromWorker): void {
    this.#listener(message);
  }

  /** What it tells when it is asked for its metrics; undefined: it does not answer. */
  answers(metrics: (() => readonly FamilyText[]) | undefined): void {
    this.#metrics = metrics;
  }

  ready(): void {
    this.say({ type: 'settings', settings });
    this.say({ type: 'ready' });
    const vitals = { phase: 'serving', memory: { rss: 1, heapUsed: 1 }, pools: {} } as const;
    const eventLoop = { meanMs: 0, p99Ms: 0, maxMs: 0 };
    setInterval(() => {
      if (this.alive) this.say({ type: 'heartbeat', vitals: { ...vitals, eventLoop } });
    }, 50).unref();
  }

  end(end: WorkerEnd): void {
    this.alive = false;
    this.#ended(end);
  }

  kill(signal: NodeJS.Signals): void {
    this.killed.push(signal);
    this.end({ code: null, signal });
  }

  get orders(): string[] {
    return this.told.flatMap((message) => (message.type === 'end' ? message.order.manner : []));
  }
}

/** The workers that a supervisor has started, in their order. */
export class ScriptedWorkers {
  readonly started: ScriptedWorker[] = [];
  readonly start: StartWorker = () => {
    const worker = new ScriptedWorker(this.started.length + 1);
    this.started.push(worker);
    return {
      pid: worker.pid,
      send: (message, connection) => worker.tell(message, connection),
      onMessage: (listener) => worker.hear(listener),
      onEnd: (listener) => worker.whenEnded(listener),
      kill: (signal) => worker.kill(signal),
    };
  };

  /** The first message to each. */
  get seats(): readonly (ToWorker | undefined)[] {
    return this.started.map(({ told }) => told[0]);
  }

  /** Waits for the n-th, from 1. */
  nth(n: number): Promise<ScriptedWorker> {
    return waitFor(() => this.started[n - 1], { message: `worker ${String(n)} to be started` });
  }
}
