import type { Config } from '@app/config';
import { type Demand, demandOf } from './worker-demand.js';

const mib = 2 ** 20;

export interface Situation {
  readonly asked?: number | 'auto';
  readonly limitMb?: number;
  readonly cpuCores?: number;
  readonly flags?: readonly string[];
  readonly pool?: readonly [size: number, maxOverflow: number];
  readonly redisMaxConnections?: number;
  readonly ingest?: Partial<Config['ingest']>;
}

/** What production's defaults ask for on eight processors, where the situation says nothing else. */
export function demandIn(situation: Situation): Demand {
  const { asked = 'auto', limitMb, cpuCores, flags = [], redisMaxConnections = 50 } = situation;
  const [size, maxOverflow] = situation.pool ?? [10, 20];
  return demandOf(
    {
      performance: {
        workerProcesses: asked,
        workerStuckTimeoutMs: 30_000,
        pool: {
          size,
          maxOverflow,
          recycleMs: 300_000,
          prePing: true,
          prePingIdleMs: 1_000,
          timeoutMs: 5_000,
          statementTimeoutMs: 15_000,
        },
        redisMaxConnections,
        redisConnectionTimeoutMs: 5_000,
        memoryHeadroomPercent: 25,
        capacityCheck: 'enforce',
      },
      ingest: {
        maxBacklog: 1_000_000,
        batchSize: 5_000,
        flushIntervalMs: 200,
        durability: 'aof',
        ...situation.ingest,
      },
    },
    {
      limits: {
        memory: {
          limitBytes: limitMb === undefined ? undefined : limitMb * mib,
          usageBytes: undefined,
          workingSetBytes: undefined,
          oomKills: undefined,
        },
        cpuCores,
      },
      parallelism: 8,
      flags,
    },
  );
}
