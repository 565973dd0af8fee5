import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import type { ServiceHost } from '@app/bootstrap';
import { nodeFlags, processSource, readWorkerSettings } from '@app/config';
import { readContainerLimits } from '@app/container';
import type { ExitCode } from '@app/errors';
import { planWorkers } from './plan/worker-plan.js';
import { startClusterWorkers } from './supervisor/cluster-worker.js';

/** Serves until it is told to end, and resolves with the exit code. Without a host the process serves alone. */
export type Serve = (host?: ServiceHost) => Promise<ExitCode>;

/**
 * Makes this process what WORKER_PROCESSES wants: a supervisor, which starts the program again for each worker; a worker
 * of one; or, for an explicit 1, a process that serves alone. Resolves with the exit code. Each of them loads only what
 * it needs.
 */
export async function runInWorkers(serve: Serve): Promise<ExitCode> {
  if (cluster.isWorker) {
    const { WorkerSeat } = await import('./worker/worker-seat.js');
    return serve(await WorkerSeat.take());
  }
  const { workerProcesses, memoryHeadroomPercent } = readWorkerSettings(processSource());
  const plan = planWorkers({
    asked: workerProcesses,
    headroomPercent: memoryHeadroomPercent,
    limits: readContainerLimits(),
    parallelism: availableParallelism(),
    flags: nodeFlags(),
  });
  if (plan.supervised) {
    const startWorker = startClusterWorkers([...process.execArgv, ...plan.heapFlags]);
    // Before all that the supervisor itself is made of: that has time while the worker boots, which waits for its seat.
    const first = startWorker();
    const { supervise } = await import('./supervisor/supervise.js');
    return supervise(plan, { first, startWorker });
  }
  // V8 takes the limit of its heap at its start alone. The plan has none for a process that was started with one.
  if (plan.heapFlags.length > 0) startAgain(plan.heapFlags);
  return serve();
}

/** Becomes the same program with more flags, under the same process id. */
function startAgain(flags: readonly string[]): never {
  const { execPath, execArgv, argv } = process;
  if (process.execve === undefined) throw new TypeError('This platform cannot give a process other flags.');
  return process.execve(execPath, [execPath, ...execArgv, ...flags, ...argv.slice(1)]);
}
