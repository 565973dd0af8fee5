import { setFlagsFromString } from 'node:v8';
import { listenToShutdownSignals } from '@app/bootstrap';
import { readContainerLimits } from '@app/container';
import type { ExitCode } from '@app/errors';
import type { WorkerPlan } from '../plan/worker-plan.js';
import { OomKills } from './oom-kills.js';
import { RestartPolicy } from './restart-policy.js';
import { Supervisor } from './supervisor.js';
import { SupervisorLog } from './supervisor-log.js';
import type { StartWorker, WorkerChannel } from './worker-channel.js';

export interface SupervisedProcesses {
  /** That of the first worker, which is started already and has been told nothing yet. */
  readonly first: WorkerChannel;
  readonly startWorker: StartWorker;
}

/**
 * Runs this program again as so many workers as planned, and resolves with the exit code when all have ended. SIGTERM
 * and SIGINT end them, SIGHUP replaces them one by one.
 */
export function supervise(plan: WorkerPlan, { first, startWorker }: SupervisedProcesses): Promise<ExitCode> {
  // Each connection passes as a short-lived object, for which V8 would take tens of MB of new space.
  setFlagsFromString('--semi-space-growth-factor=1');
  const started = [first];
  const supervisor = new Supervisor({
    plan,
    startWorker: () => started.pop() ?? startWorker(),
    policy: new RestartPolicy(),
    oomKills: OomKills.watching(() => readContainerLimits().memory),
    log: new SupervisorLog({ writeError: (text) => void process.stderr.write(text) }),
    now: () => performance.now(),
  });
  process.on('SIGHUP', () => supervisor.reload());
  listenToShutdownSignals(process, ['SIGTERM', 'SIGINT'], {
    shutDown: (signal) => supervisor.shutDown(signal),
    force: (signal) => supervisor.force(`a second ${signal}`),
  });
  process.on('uncaughtException', (error) => supervisor.fail(error));
  return supervisor.run();
}
