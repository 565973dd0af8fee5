import type { Socket } from 'node:net';
import type { EndOrder, ProcessVitals, WorkerReport } from '@app/bootstrap';
import type { FamilyText } from '@app/metrics';
import { type FromWorker, type ProbeAnswers, readFromWorker } from '../messages.js';
import type { ConnectionTaker } from './connection-queue.js';
import type { WorkerChannel, WorkerEnd } from './worker-channel.js';

/** `answering`: health only, before it serves. `leaving`: it is given no connections any more. */
export type WorkerStage = 'starting' | 'answering' | 'ready' | 'leaving';

export interface WorkerListener {
  heard(worker: WorkerProcess, message: FromWorker): void;
  /** Told once, and after every message. */
  ended(worker: WorkerProcess, end: WorkerEnd): void;
}

export interface WorkerSeatPlan {
  readonly number: number;
  readonly memoryShareBytes: number | undefined;
  /** No worker of the service has served yet. */
  readonly firstStart: boolean;
}

const noVitals: ProcessVitals = {
  phase: 'starting',
  memory: { rss: 0, heapUsed: 0 },
  eventLoop: { meanMs: 0, p99Ms: 0, maxMs: 0 },
  pools: {},
};

/** One process of a worker, and what its supervisor knows of it. Times are of the clock that is passed in. */
export class WorkerProcess implements ConnectionTaker<Socket> {
  readonly number: number;
  readonly startedAt: number;
  readonly #channel: WorkerChannel;
  readonly #now: () => number;
  readonly #ready = Promise.withResolvers<true>();
  readonly #ended = Promise.withResolvers<WorkerEnd>();
  /** When it was last heard of; before it is READY, when it was started. */
  aliveAt: number;
  stage: WorkerStage = 'starting';
  #readyAt: number | undefined;
  #order: EndOrder | undefined;
  #killedFor: string | undefined;
  #answers: ProbeAnswers | undefined;
  #vitals = noVitals;
  #collecting: PromiseWithResolvers<readonly FamilyText[]> | undefined;

  constructor(channel: WorkerChannel, plan: WorkerSeatPlan, listener: WorkerListener, now: () => number) {
    this.number = plan.number;
    this.#channel = channel;
    this.#now = now;
    this.startedAt = now();
    this.aliveAt = this.startedAt;
    channel.onMessage((raw) => {
      const message = readFromWorker(raw);
      if (message === undefined) return;
      this.#take(message);
      listener.heard(this, message);
    });
    channel.onEnd((end) => {
      this.#collecting?.reject(new Error('The worker has ended.'));
      this.#ended.resolve(end);
      listener.ended(this, end);
    });
    const { memoryShareBytes, ...seat } = plan;
    channel.send({ type: 'seat', ...seat, ...(memoryShareBytes === undefined ? {} : { memoryShareBytes }) });
  }

  get pid(): number {
    return this.#channel.pid;
  }

  /** What it was told about its end, if anything. */
  get order(): EndOrder | undefined {
    return this.#order;
  }

  /** Why it was killed, where it was killed from here. */
  get killedFor(): string | undefined {
    return this.#killedFor;
  }

  get answers(): ProbeAnswers | undefined {
    return this.#answers;
  }

  /** Whether it has been READY at any time. */
  get served(): boolean {
    return this.#readyAt !== undefined;
  }

  /** In milliseconds; undefined where it never was READY. */
  get servedMs(): number | undefined {
    return this.#readyAt === undefined ? undefined : this.#now() - this.#readyAt;
  }

  get whenReady(): Promise<true> {
    return this.#ready.promise;
  }

  get whenEnded(): Promise<WorkerEnd> {
    return this.#ended.promise;
  }

  give(id: number, connection: Socket): void {
    this.#channel.send({ type: 'connection', id }, connection);
  }

  /** It will be given nothing more, and has all that it was given. */
  confirmLeave(): void {
    this.#channel.send({ type: 'left' });
  }

  end(order: EndOrder): void {
    this.#order = order;
    if (order.manner !== 'drain') this.stage = 'leaving';
    this.#channel.send({ type: 'end', order });
  }

  reply(id: number, workers: readonly WorkerReport[]): void {
    this.#channel.send({ type: 'reply', id, workers });
  }

  /** Asks for its metrics, unless it still owes an answer. Whoever waits has to bound the time. */
  collect(): Promise<readonly FamilyText[]> {
    if (this.#collecting !== undefined) return this.#collecting.promise;
    const collecting = Promise.withResolvers<readonly FamilyText[]>();
    this.#collecting = collecting;
    this.#channel.send({ type: 'collect' });
    return collecting.promise;
  }

  kill(why: string): void {
    this.#killedFor = why;
    this.#channel.kill('SIGKILL');
  }

  report(restarts: number): WorkerReport {
    const { phase, ...vitals } = this.#vitals;
    const uptime = Math.floor((this.#now() - this.startedAt) / 1_000);
    return { number: this.number, pid: this.pid, state: phase, uptime, restarts, ...vitals };
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case 'answering':
        if (this.stage === 'starting') this.stage = 'answering';
        return;
      case 'ready':
        if (this.stage !== 'leaving') this.stage = 'ready';
        this.#readyAt = this.#now();
        this.aliveAt = this.#readyAt;
        this.#ready.resolve(true);
        return;
      case 'heartbeat':
        this.#vitals = message.vitals;
        if (this.served) this.aliveAt = this.#now();
        return;
      case 'health':
        this.#answers = message.answers;
        return;
      case 'leave':
        this.stage = 'leaving';
        return;
      case 'metrics':
        this.#collected(message.families);
        return;
      case 'settings':
      case 'took':
      case 'ask':
        return;
    }
  }

  #collected(families: readonly FamilyText[] | undefined): void {
    const collected = this.#collecting;
    this.#collecting = undefined;
    if (families === undefined) collected?.reject(new Error('The worker could not collect its metrics.'));
    else collected?.resolve(families);
  }
}
