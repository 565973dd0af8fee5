import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProcess } from '@app/testing';

/** Takes the processor away from a process for a time: to itself it looks as if its event loop had stood still. */
export async function stall(process: RunningProcess, forMs: number): Promise<void> {
  process.kill('SIGSTOP');
  await sleep(forMs);
  process.kill('SIGCONT');
}

/** Stalls a process over and over, with hardly a breath between, until the work is done. */
export async function stalling<Result>(
  process: RunningProcess,
  { stallMs, breathMs }: { readonly stallMs: number; readonly breathMs: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  const stalls = (async () => {
    while (!end.signal.aborted) {
      await stall(process, stallMs);
      await sleep(breathMs);
    }
  })();
  try {
    return await work();
  } finally {
    end.abort();
    await stalls;
  }
}
