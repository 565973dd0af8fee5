import type { ApplicationPhase, DatastoreStats, EventLoopDelayReport } from '@app/lifecycle';

/** How a process that serves is at this moment. Sizes are in bytes. */
export interface ProcessVitals {
  readonly phase: ApplicationPhase;
  readonly memory: { readonly rss: number; readonly heapUsed: number };
  readonly eventLoop: EventLoopDelayReport;
  /** The connections to each datastore; none before the application is loaded. */
  readonly pools: Readonly<Record<string, DatastoreStats>>;
}

/** One worker as `detailed` shows it. */
export interface WorkerReport extends Omit<ProcessVitals, 'phase'> {
  /** From 1; it stays when the worker is replaced. */
  readonly number: number;
  readonly pid: number;
  readonly state: ApplicationPhase;
  /** Of the process, in seconds. */
  readonly uptime: number;
  /** How often it has died and was started again. */
  readonly restarts: number;
}
