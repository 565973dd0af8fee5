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
/** What a shell makes of SIGABRT, which V8 ends with when its heap is full. */
const abortCode = 134;

/** Whether V8 has given up, as with a full heap. */
export const aborted = ({ code, signal }: WorkerEnd): boolean => signal === 'SIGABRT' || code === abortCode;

/** Says how a worker has ended, to be read after its name, and what to do where that is known. */
export function explainEnd(end: WorkerEnd, { killedFor, outOfMemory }: EndCircumstances): string {
  const { code, signal, error } = end;
  if (error !== undefined) return `could not be started (${error.message})`;
  if (killedFor !== undefined) return `was killed, since ${killedFor}`;
  if (signal === 'SIGKILL') {
    if (outOfMemory === true)
      return `was killed by the kernel, since the container is out of memory. ${memoryAdvice}`;
    if (outOfMemory === undefined)
      return `was killed by SIGKILL, probably because the container is out of memory. ${memoryAdvice}`;
  }
  if (aborted(end)) return `was aborted, most likely since its JavaScript heap was full. ${memoryAdvice}`;
  return signal === null ? `ended with ${String(code)}` : `was killed by ${signal}`;
}
