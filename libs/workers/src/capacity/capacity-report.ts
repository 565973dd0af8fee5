import { DatastoreError } from '@app/errors';
import type { PostgresClient } from '@app/postgres';
import type { RedisClient } from '@app/redis';
import type { CapacityResource, CapacityRow, CapacityVerdict } from './capacity-row.js';
import { containerRows } from './container-rows.js';
import { readPostgresFigures } from './postgres-figures.js';
import { postgresNeed, postgresRows } from './postgres-rows.js';
import { readRedisFigures } from './redis-figures.js';
import { backlogMb, redisNeed, redisRows } from './redis-rows.js';
import type { Demand } from './worker-demand.js';

/** Everything that the service asks for here, and whether it is there. */
export interface CapacityReport {
  /** The strictest of the rows, of which `unknown` is the least. */
  readonly verdict: CapacityVerdict;
  /** How many workers a start makes. */
  readonly workers: number;
  /** The heap of each in MB (`--max-old-space-size`); null: V8's own choice. */
  readonly heapMb: number | null;
  /** What was lowered, and why. */
  readonly notes: readonly string[];
  readonly rows: readonly CapacityRow[];
}

export interface CapacitySources {
  readonly postgres: PostgresClient;
  readonly redis: RedisClient;
  /** What PostgreSQL shows of the workers of this service. */
  readonly applicationName: string;
}

/** The rows of datastores that cannot be asked are `unknown`: health tells of those. */
export async function capacityReport(demand: Demand, sources: CapacitySources): Promise<CapacityReport> {
  const { postgres, redis, applicationName } = sources;
  const datastores = await Promise.all([
    rowsOf(
      async () => postgresRows(demand, await readPostgresFigures(postgres, applicationName)),
      (why) => [unknownRow('postgres_connections', 'connections', postgresNeed(demand), why)],
    ),
    rowsOf(
      async () => redisRows(demand, await readRedisFigures(redis)),
      (why) => [
        unknownRow('redis_connections', 'connections', redisNeed(demand), why),
        unknownRow('redis_memory', 'MB', backlogMb(demand), why),
      ],
    ),
  ]);
  const rows = [...datastores.flat(), ...containerRows(demand)];
  const { workers, heap, notes } = demand.plan;
  return { verdict: strictest(rows), workers, heapMb: heap?.oldSpaceMb ?? null, notes, rows };
}

async function rowsOf(
  ask: () => Promise<readonly CapacityRow[]>,
  unknown: (why: string) => readonly CapacityRow[],
): Promise<readonly CapacityRow[]> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DatastoreError) return unknown(error.detail);
    // A role may be allowed less than this question, and yet all that the product needs.
    if (error instanceof Error && error.name === 'QueryFailedError')
      return unknown(`PostgreSQL does not tell: ${error.message}.`);
    throw error;
  }
}

const unknownRow = (
  resource: CapacityResource,
  unit: CapacityRow['unit'],
  need: number,
  detail: string,
): CapacityRow => ({ resource, unit, need, have: null, verdict: 'unknown', detail, remedies: [] });

function strictest(rows: readonly CapacityRow[]): CapacityVerdict {
  const order = ['never', 'tight', 'fits'] as const;
  return order.find((verdict) => rows.some((row) => row.verdict === verdict)) ?? 'unknown';
}
