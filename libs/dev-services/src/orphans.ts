import { setTimeout as sleep } from 'node:timers/promises';
import { processesIn, sendSignal } from './process-table.js';

const pollMs = 20;
const tellAfterMs = 1000;
const forceAfterMs = 15_000;

/**
 * Waits for the server that an earlier run left in a folder whose lock is held: its guardian is stopping it,
 * or PostgreSQL's processes have lost their parent. If it is still there after a second it is told to stop,
 * and after 15 s it is ended by force.
 */
export async function removeOrphans(
  folder: string,
  program: string,
  stopSignal: NodeJS.Signals,
): Promise<void> {
  const begin = performance.now();
  let told = false;
  for (;;) {
    const orphans = await processesIn(folder, program);
    if (orphans.length === 0) return;
    const waitedMs = performance.now() - begin;
    if (waitedMs > forceAfterMs) for (const pid of orphans) sendSignal(pid, 'SIGKILL');
    else if (waitedMs > tellAfterMs && !told) {
      for (const pid of orphans) sendSignal(pid, stopSignal);
      told = true;
    }
    await sleep(pollMs);
  }
}
