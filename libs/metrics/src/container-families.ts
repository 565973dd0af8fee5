import type { ContainerLimits } from '@app/container';
import { type MetricFamily, samplesOf } from './metric-family.js';

/** What the container allows and uses: the same for all of its processes, and so of no worker. */
export function containerFamilies({ memory, cpuCores }: ContainerLimits): readonly MetricFamily[] {
  return [
    {
      name: 'app_container_memory_limit_bytes',
      type: 'gauge',
      help: 'The memory limit of the container; missing where there is none.',
      samples: samplesOf(memory.limitBytes),
    },
    {
      name: 'app_container_memory_usage_bytes',
      type: 'gauge',
      help: 'All memory that counts against the limit, with the file cache.',
      samples: samplesOf(memory.usageBytes),
    },
    {
      name: 'app_container_memory_working_set_bytes',
      type: 'gauge',
      help: 'The memory in use without the file cache that the kernel gives up first.',
      samples: samplesOf(memory.workingSetBytes),
    },
    {
      name: 'app_container_oom_kills_total',
      type: 'counter',
      help: 'Processes of the container that the kernel has killed for want of memory.',
      samples: samplesOf(memory.oomKills),
    },
    {
      name: 'app_container_cpu_limit_cores',
      type: 'gauge',
      help: "How many processors' time the container may use; missing where there is no quota.",
      samples: samplesOf(cpuCores),
    },
  ];
}
