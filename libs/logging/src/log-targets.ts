import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogTarget } from './log-sink.js';

const standardOutputFd = 1;

/**
 * Standard output. A pipe is opened a second time without blocking: when its reader stops, a plain write would
 * stop the whole process with it, and setting the flag on descriptor 1 would set it for the parent process too.
 */
export const standardOutput: LogTarget = {
  name: 'standard output',
  open(): number {
    if (!fstatSync(standardOutputFd).isFIFO()) return standardOutputFd;
    try {
      return openSync(`/proc/self/fd/${String(standardOutputFd)}`, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      // Not Linux, or a pipe of another user: a blocking write is what is left.
      return standardOutputFd;
    }
  },
  close(fd: number): void {
    if (fd !== standardOutputFd) closeSync(fd);
  },
  isGone: () => false,
};

/** A log file that is appended to; its folder is made when it is missing. */
export function logFile(path: string): LogTarget {
  return {
    name: path,
    open(): number {
      mkdirSync(dirname(path), { recursive: true });
      return openSync(path, 'a', 0o640);
    },
    close: closeSync,
    isGone(fd: number): boolean {
      const now = statSync(path, { throwIfNoEntry: false });
      const opened = fstatSync(fd);
      return now?.ino !== opened.ino || now.dev !== opened.dev;
    },
  };
}
