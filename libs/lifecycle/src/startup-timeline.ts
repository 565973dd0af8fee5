import { type Clock, systemClock } from './clock.js';
import { Subscribers, type Unsubscribe } from './events.js';

/** The phases of the start, in order. */
export const startupPhases = ['validate', 'wait_for_init', 'preflight', 'serve'] as const;
export type StartupPhase = (typeof startupPhases)[number];

export interface StartupPhaseReport {
  readonly name: StartupPhase;
  readonly status: 'pending' | 'running' | 'done' | 'failed';
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** Milliseconds that it took, or has taken so far. */
  readonly durationMs?: number;
  /** What a running phase waits for, as `postgres (refused)`; fit for the public. */
  readonly waitingFor?: readonly string[];
}

interface Run {
  status: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  endedAt?: number;
  waitingFor: readonly string[];
}

/** When each phase of the start began and ended, and what it waits for. */
export class StartupTimeline {
  readonly #clock: Clock;
  readonly #runs = new Map<StartupPhase, Run>();
  readonly #updates = new Subscribers<StartupPhaseReport>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Whether the last phase is done. */
  get started(): boolean {
    return this.#runs.get('serve')?.status === 'done';
  }

  /** A phase began, ended, or waits for something else. */
  onUpdate(listener: (report: StartupPhaseReport) => void): Unsubscribe {
    return this.#updates.add(listener);
  }

  /** Runs a phase and notes its time and its end. Errors of the phase pass through. */
  async run<Result>(name: StartupPhase, work: () => Promise<Result> | Result): Promise<Result> {
    const run: Run = { status: 'running', startedAt: this.#clock.now(), waitingFor: [] };
    this.#runs.set(name, run);
    this.#updates.publish(this.#report(name));
    const end = (status: 'done' | 'failed'): void => {
      run.status = status;
      run.endedAt = this.#clock.now();
      this.#updates.publish(this.#report(name));
    };
    try {
      const result = await work();
      run.waitingFor = [];
      end('done');
      return result;
    } catch (error) {
      end('failed');
      throw error;
    }
  }

  /** Says what the running phase waits for now; the same list again publishes nothing. */
  waitingFor(name: StartupPhase, what: readonly string[]): void {
    const run = this.#runs.get(name);
    if (run?.status !== 'running' || run.waitingFor.join('\n') === what.join('\n')) return;
    run.waitingFor = what;
    this.#updates.publish(this.#report(name));
  }

  /** All phases in order. */
  report(): readonly StartupPhaseReport[] {
    return startupPhases.map((name) => this.#report(name));
  }

  #report(name: StartupPhase): StartupPhaseReport {
    const run = this.#runs.get(name);
    if (run === undefined) return { name, status: 'pending' };
    const durationMs = (run.endedAt ?? this.#clock.now()) - run.startedAt;
    const waiting = run.waitingFor.length > 0 ? { waitingFor: run.waitingFor } : {};
    return { name, status: run.status, startedAt: run.startedAt, durationMs, ...waiting };
  }
}
