import type { WorkerReport } from '@app/bootstrap';
import type { WorkerPlan } from '../plan/worker-plan.js';
import { type Replacement, Slot } from './slot.js';
import type { StartWorker } from './worker-channel.js';
import { type WorkerListener, WorkerProcess } from './worker-process.js';

export interface CrewOptions {
  readonly plan: Pick<WorkerPlan, 'workers' | 'memoryShareBytes'>;
  readonly startWorker: StartWorker;
  readonly listener: WorkerListener;
  readonly now: () => number;
  /** Whether a worker was READY at any time. */
  readonly served: () => boolean;
}

/** All workers: their places, and the processes that live. */
export class Crew {
  readonly #slots: readonly Slot[];
  readonly #living = new Set<WorkerProcess>();

  constructor({ plan, startWorker, listener, now, served }: CrewOptions) {
    const start = (number: number): WorkerProcess => {
      const seat = { number, memoryShareBytes: plan.memoryShareBytes, firstStart: !served() };
      const worker = new WorkerProcess(startWorker(), seat, listener, now);
      this.#living.add(worker);
      return worker;
    };
    this.#slots = Array.from({ length: plan.workers }, (_, index) => new Slot(index + 1, start));
  }

  get living(): readonly WorkerProcess[] {
    return [...this.#living];
  }

  /** Those that serve, or while none does, those that at least answer. */
  get takers(): readonly WorkerProcess[] {
    const ready = this.living.filter(({ stage }) => stage === 'ready');
    return ready.length > 0 ? ready : this.living.filter(({ stage }) => stage === 'answering');
  }

  /** Those that the service consists of: without those that others have replaced. */
  get members(): readonly WorkerProcess[] {
    return this.living.filter(({ order }) => order?.manner !== 'replace');
  }

  /** One for each place that has any: where one is to replace another, that which serves. */
  get standing(): readonly WorkerProcess[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  /** How often a process that had died was followed by another. */
  get restarts(): number {
    return this.#slots.reduce((sum, { restarts }) => sum + restarts, 0);
  }

  startFirst(): void {
    this.#slots[0]?.start();
  }

  startOthers(): void {
    for (const slot of this.#slots.slice(1)) slot.start();
  }

  /** A process has ended. Returns its place if that has none now. */
  ended(worker: WorkerProcess): Slot | undefined {
    this.#living.delete(worker);
    return this.#slots.find((slot) => slot.number === worker.number && slot.ended(worker));
  }

  /** Starts no process any more. */
  stop(): void {
    for (const slot of this.#slots) slot.stop();
  }

  /** Replaces all, one after the other. Returns the number of one that could not be, with which it stops. */
  async replaceAll(replacement: Replacement, stopped: () => boolean): Promise<number | undefined> {
    for (const slot of this.#slots) {
      if (stopped()) return undefined;
      if (!(await slot.replace(replacement)) && !stopped()) return slot.number;
    }
    return undefined;
  }

  reports(): readonly WorkerReport[] {
    return this.#slots.flatMap(({ worker, restarts }) => worker?.report(restarts) ?? []);
  }
}
