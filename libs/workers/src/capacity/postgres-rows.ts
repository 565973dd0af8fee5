import type { CapacityResource, CapacityRow, Remedy } from './capacity-row.js';
import {
  affordable,
  type ConnectionBudget,
  type Shortage,
  shortageOf,
  shortageText,
  sufficient,
} from './connection-demand.js';
import type { NamedBound, PostgresBound, PostgresFigures } from './postgres-figures.js';
import { type Demand, workersText } from './worker-demand.js';

/** Beside its pool a worker has a connection for health checks. */
const beside = 1;

const perWorker = ({ performance: { pool } }: Demand): number => pool.size + pool.maxOverflow + beside;

export const postgresNeed = (demand: Demand): number => demand.plan.workers * perWorker(demand);

/** A bound, and what is said of it. */
interface Scope {
  readonly resource: CapacityResource;
  readonly bound: PostgresBound;
  /** What of the bound is not for this service. */
  readonly reserved: number;
  readonly takes: string;
  readonly raise: (to: number) => Remedy;
}

/** The connections to PostgreSQL: those of the server, and of the role and the database where these have a bound. */
export function postgresRows(demand: Demand, figures: PostgresFigures): readonly CapacityRow[] {
  return figures.pooled
    ? [pooledRow(demand)]
    : scopesOf(figures).map((scope) => connectionsRow(demand, scope));
}

function scopesOf({ server, reserved, role, database }: PostgresFigures): readonly Scope[] {
  return [
    {
      resource: 'postgres_connections',
      bound: server,
      reserved,
      takes: `PostgreSQL takes ${String(server.limit - reserved)} (max_connections ${String(server.limit)}, ${String(reserved)} of them reserved)`,
      raise: (to) => ({
        where: 'postgresql.conf',
        settings: { max_connections: String(to + reserved) },
      }),
    },
    ...(role === undefined
      ? []
      : [boundScope('postgres_role_connections', `ALTER ROLE ${quoted(role.name)}`, role)]),
    ...(database === undefined
      ? []
      : [boundScope('postgres_database_connections', `ALTER DATABASE ${quoted(database.name)}`, database)]),
  ];
}

function boundScope(
  resource: 'postgres_role_connections' | 'postgres_database_connections',
  statement: string,
  bound: NamedBound,
): Scope {
  const kind = resource === 'postgres_role_connections' ? 'role' : 'database';
  return {
    resource,
    bound,
    reserved: 0,
    takes: `the ${kind} ${bound.name} takes ${String(bound.limit)}`,
    raise: (to) => ({ where: 'sql', settings: { [`${statement} CONNECTION LIMIT`]: String(to) } }),
  };
}

function connectionsRow(demand: Demand, { resource, bound, reserved, takes, raise }: Scope): CapacityRow {
  const need = postgresNeed(demand);
  const budget: ConnectionBudget = { need, usable: bound.limit - reserved, others: bound.others };
  const shortage = shortageOf(budget);
  const { size, maxOverflow } = demand.performance.pool;
  const opened = `${workersText(demand.plan.workers)} × (${String(size)} + ${String(maxOverflow)} + ${String(beside)}) may open ${String(need)} connections`;
  return {
    resource,
    unit: 'connections',
    need,
    have: budget.usable,
    verdict: shortage === undefined ? 'fits' : shortage === 'alone' ? 'never' : 'tight',
    detail: `${opened}, ${shortage === 'alone' ? 'but' : 'and'} ${takes}${
      shortage === undefined
        ? `, of which others hold ${String(bound.others)}`
        : shortageText(budget, shortage)
    }.`,
    remedies:
      shortage === undefined
        ? []
        : [
            raise(sufficient(budget, shortage)),
            ...fewerConnections(demand, affordable(budget, shortage)),
            ...fewerWorkers(demand, budget, shortage),
          ],
  };
}

/** Smaller pools: at least one connection each, without overflow. */
function fewerConnections({ performance: { pool }, plan }: Demand, most: number): readonly Remedy[] {
  const inPool = Math.floor(most / plan.workers) - beside;
  if (inPool >= pool.size) {
    return [{ where: 'environment', settings: { DB_MAX_OVERFLOW: String(inPool - pool.size) } }];
  }
  return inPool < 1
    ? []
    : [{ where: 'environment', settings: { DB_POOL_SIZE: String(inPool), DB_MAX_OVERFLOW: '0' } }];
}

function fewerWorkers(demand: Demand, budget: ConnectionBudget, shortage: Shortage): readonly Remedy[] {
  const workers = Math.floor(affordable(budget, shortage) / perWorker(demand));
  return workers < 1 ? [] : [{ where: 'environment', settings: { WORKER_PROCESSES: String(workers) } }];
}

function pooledRow(demand: Demand): CapacityRow {
  const need = postgresNeed(demand);
  return {
    resource: 'postgres_connections',
    unit: 'connections',
    need,
    have: null,
    verdict: 'unknown',
    detail: `A pooler stands before PostgreSQL: it must take ${String(need)} clients of this service (PgBouncer: max_client_conn), and its own pools decide what PostgreSQL has to bear.`,
    remedies: [],
  };
}

/** As SQL wants a name. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
