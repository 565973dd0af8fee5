import { readCpuQuota } from './cpu-quota.js';
import { readMemory, type ContainerMemory } from './memory.js';

export type { ContainerMemory } from './memory.js';

/** What the container allows, and what it uses of it. */
export interface ContainerLimits {
  readonly memory: ContainerMemory;
  /** How many processors' time the container may use, such as 0.5; undefined where there is no quota. */
  readonly cpuCores: number | undefined;
}

/**
 * Reads the limits of this container from its control groups, version 1 or 2. The numbers are of this moment.
 * `process.constrainedMemory()` does not serve: under version 1 it gives the soft limit, a mere reservation.
 * @param root The folder that `proc` and the mount points lie in; another one is for tests.
 */
export const readContainerLimits = (root = '/'): ContainerLimits => ({
  memory: readMemory(root),
  cpuCores: readCpuQuota(root),
});
