import { deathReason } from './death-reason.js';
import type { WorkerEnd } from './worker-channel.js';

/** What the end of a worker says, beside how it ended. */
export interface EndCircumstances {
  /** Why it was killed from here. */
  readonly killedFor: string | undefined;
  /** Whether the kernel has killed a process of the container for want of memory meanwhile; undefined: it does not tell. */
  readonly outOfMemory: boolean | undefined;
}

const memoryAdvice =
  "Raise the container's memory limit, lower WORKER_PROCESSES, or raise MEMORY_HEADROOM_PERCENT.";
/** Says how a worker has ended, to be read after its name, and what to do where that is known. */
export function explainEnd(end: WorkerEnd, { killedFor, outOfMemory }: EndCircumstances): string {
  const { code, signal, error } = end;
  // Whether it has served says nothing here.
  switch (deathReason(end, { killed: killedFor !== undefined, served: true, outOfMemory })) {
    case 'not_started':
      return `could not be started (${error?.message ?? 'without a reason'})`;
    case 'stuck':
    case 'late':
      return `was killed, since ${killedFor ?? ''}`;
    case 'out_of_memory':
      return `was killed by the kernel, since the container is out of memory. ${memoryAdvice}`;
    case 'aborted':
      return `was aborted, most likely since its JavaScript heap was full. ${memoryAdvice}`;
    case 'signal':
      return signal === 'SIGKILL' && outOfMemory === undefined
        ? `was killed by SIGKILL, probably because the container is out of memory. ${memoryAdvice}`
        : `was killed by ${String(signal)}`;
    case 'exit':
      return `ended with ${String(code)}`;
  }
}
