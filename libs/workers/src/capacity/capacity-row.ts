import type { PreflightFinding } from '@app/lifecycle';
import { capacityErrors } from './capacity.errors.js';

/**
 * `fits`; `tight`: it works, but not when everything comes together; `never`: the start is refused; `unknown`: the
 * other side could not be asked, or others decide.
 */
export type CapacityVerdict = 'fits' | 'tight' | 'never' | 'unknown';

export type CapacityResource =
  | 'postgres_connections'
  | 'postgres_role_connections'
  | 'postgres_database_connections'
  | 'redis_connections'
  | 'redis_memory'
  | 'memory'
  | 'cpu';

/** One way to make a resource fit: settings that are changed together, and where. */
export interface Remedy {
  readonly where: 'environment' | 'postgresql.conf' | 'sql' | 'redis.conf' | 'container';
  readonly settings: Readonly<Record<string, string>>;
}

/** What the service needs of a resource, and what there is. */
export interface CapacityRow {
  readonly resource: CapacityResource;
  readonly verdict: CapacityVerdict;
  readonly unit: 'connections' | 'MB' | 'processors';
  readonly need: number;
  /** null: without a bound, or not known. */
  readonly have: number | null;
  /** How the numbers come about, as a sentence. */
  readonly detail: string;
  /** Each of them alone makes it fit; none where it does. */
  readonly remedies: readonly Remedy[];
}

const codes = {
  postgres_connections: capacityErrors.capacity_postgres_connections.code,
  postgres_role_connections: capacityErrors.capacity_postgres_connections.code,
  postgres_database_connections: capacityErrors.capacity_postgres_connections.code,
  redis_connections: capacityErrors.capacity_redis_connections.code,
  redis_memory: capacityErrors.capacity_redis_memory.code,
  memory: capacityErrors.capacity_memory.code,
  cpu: capacityErrors.capacity_cpu.code,
} as const satisfies Readonly<Record<CapacityResource, string>>;

/** Rows of one kind have one cause: where it keeps the start from working, what else comes of it is not told. */
const kindOf = (resource: CapacityResource): string => /^(postgres|redis)/.exec(resource)?.[0] ?? 'container';

/** What the start has to know of the rows. Only `enforce` refuses. */
export function findingsOf(
  rows: readonly CapacityRow[],
  mode: 'enforce' | 'warn',
): readonly PreflightFinding[] {
  const refused = new Set(
    rows.filter(({ verdict }) => verdict === 'never').map(({ resource }) => kindOf(resource)),
  );
  return rows
    .filter(
      ({ resource, verdict }) =>
        verdict === 'never' || (verdict === 'tight' && !refused.has(kindOf(resource))),
    )
    .map(({ resource, verdict, detail, remedies }) => ({
      code: codes[resource],
      severity: verdict === 'never' && mode === 'enforce' ? 'error' : 'warning',
      detail,
      advice: adviceOf(remedies),
    }));
}

/** As `Set max_connections = 96 in postgresql.conf, or DB_MAX_OVERFLOW=14.` */
export const adviceOf = (remedies: readonly Remedy[]): string =>
  `Set ${remedies.map((remedy) => renderRemedy(remedy)).join(', or ')}.`;

/** As it is written where it belongs. */
export function renderRemedy({ where, settings }: Remedy): string {
  const entries = Object.entries(settings);
  const all = (between: string): string =>
    entries.map(([name, value]) => `${name}${between}${value}`).join(' and ');
  switch (where) {
    case 'environment':
      return all('=');
    case 'postgresql.conf':
      return `${all(' = ')} in postgresql.conf (and restart PostgreSQL)`;
    case 'redis.conf':
      return `${all(' ')} in redis.conf`;
    case 'container':
      return `the container's ${all(' to ')}`;
    case 'sql':
      return all(' ');
  }
}
