import type { Config } from '@app/config';
import type { ContainerLimits } from '@app/container';
import { planWorkers, type WorkerPlan } from '../plan/worker-plan.js';

/** What is asked of the resources: the settings, and the workers that are made of them. */
export interface Demand {
  readonly performance: Config['performance'];
  readonly ingest: Config['ingest'];
  readonly limits: ContainerLimits;
  /** Processors that the process may run on. */
  readonly parallelism: number;
  readonly plan: WorkerPlan;
}

export interface Surroundings {
  readonly limits: ContainerLimits;
  readonly parallelism: number;
  readonly flags: readonly string[];
}

/** What a start with this configuration would ask for here. */
export function demandOf(
  { performance, ingest }: Pick<Config, 'performance' | 'ingest'>,
  { limits, parallelism, flags }: Surroundings,
): Demand {
  const plan = planWorkers({
    asked: performance.workerProcesses,
    headroomPercent: performance.memoryHeadroomPercent,
    limits,
    parallelism,
    flags,
  });
  return { performance, ingest, limits, parallelism, plan };
}

/** As `1 worker` or `4 workers`. */
export const workersText = (workers: number): string =>
  workers === 1 ? '1 worker' : `${String(workers)} workers`;
