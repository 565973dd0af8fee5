import { isRunning, waitFor } from '@app/testing';
import type { Backend } from './backend.js';

/** What tests read of a worker in `detailed`. */
export interface WorkerSeen {
  readonly number: number;
  readonly pid: number;
  readonly state: string;
  readonly uptime: number;
  readonly restarts: number;
}

export async function workersOf({ get }: Pick<Backend, 'get'>): Promise<readonly WorkerSeen[]> {
  const { body } = await get('/health/detailed');
  return (body as { readonly workers: readonly WorkerSeen[] }).workers;
}

/** Waits until so many workers serve, and returns them. */
export function servingWorkers(backend: Pick<Backend, 'get'>, count: number): Promise<readonly WorkerSeen[]> {
  return waitFor(
    async () => {
      const workers = await workersOf(backend);
      const serving = workers.length === count && workers.every(({ state }) => state === 'serving');
      return serving ? workers : undefined;
    },
    { timeoutMs: 30_000, message: `${String(count)} workers to serve` },
  );
}

/** Waits until none of these processes runs. */
export async function noneRuns(pids: readonly number[]): Promise<void> {
  await waitFor(() => !pids.some((pid) => isRunning(pid)), { message: `${pids.join(', ')} to be gone` });
}
