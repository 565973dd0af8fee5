import type { WorkerEnd } from './worker-channel.js';

/** What ends a worker that nobody has told to end; the values of a label in `/metrics`. */
export const deathReasons = [
  /** It ended by itself. */
  'exit',
  /** V8 has given up, most likely since the heap was full. */
  'aborted',
  /** The kernel has killed it, since the container was out of memory. */
  'out_of_memory',
  /** Another signal than these, or SIGKILL where the kernel does not tell whether it was for want of memory. */
  'signal',
  /** Killed from here: no sign of life. */
  'stuck',
  /** Killed from here: not READY in time. */
  'late',
  /** There was no process at all. */
  'not_started',
] as const;

export type DeathReason = (typeof deathReasons)[number];

export interface DeathCircumstances {
  /** Killed from here. */
  readonly killed: boolean;
  /** Whether it was READY at any time. */
  readonly served: boolean;
  /** Whether the kernel has killed a process of the container for want of memory meanwhile; undefined: it does not tell. */
  readonly outOfMemory: boolean | undefined;
}

/** What a shell makes of SIGABRT, which V8 ends with when its heap is full. */
const abortCode = 134;

/** Sorts the end of a worker that was not told to end. */
export function deathReason(
  end: WorkerEnd,
  { killed, served, outOfMemory }: DeathCircumstances,
): DeathReason {
  if (end.error !== undefined) return 'not_started';
  if (killed) return served ? 'stuck' : 'late';
  if (end.signal === 'SIGKILL' && outOfMemory === true) return 'out_of_memory';
  if (end.signal === 'SIGABRT' || end.code === abortCode) return 'aborted';
  return end.signal === null ? 'exit' : 'signal';
}
