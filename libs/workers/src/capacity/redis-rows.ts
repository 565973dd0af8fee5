import type { CapacityRow, Remedy } from './capacity-row.js';
import { affordable, shortageOf, shortageText, sufficient } from './connection-demand.js';
import type { RedisFigures } from './redis-figures.js';
import { type Demand, workersText } from './worker-demand.js';

const mib = 2 ** 20;

/** A trade that waits takes 52 to 60 bytes of Redis with ids of 16 characters, as measured; ids may have 64. */
const bytesPerTrade = 128;

export const redisNeed = ({ plan, performance }: Demand): number =>
  plan.workers * performance.redisMaxConnections;

export const backlogMb = ({ ingest }: Demand): number => Math.ceil((ingest.maxBacklog * bytesPerTrade) / mib);

/** The connections to Redis, and its memory for the trades that wait in it. Neither ever refuses a start. */
export const redisRows = (demand: Demand, figures: RedisFigures): readonly CapacityRow[] => [
  connectionsRow(demand, figures),
  memoryRow(demand, figures),
];

function connectionsRow(demand: Demand, { maxClients, others }: RedisFigures): CapacityRow {
  const need = redisNeed(demand);
  const { workers } = demand.plan;
  const { redisMaxConnections } = demand.performance;
  const opened = `${workersText(workers)} × ${String(redisMaxConnections)} may open ${String(need)} connections`;
  const row = { resource: 'redis_connections', unit: 'connections', need } as const;
  if (maxClients === undefined) {
    return {
      ...row,
      have: null,
      verdict: 'unknown',
      detail: `${opened}, and Redis does not tell its maxclients.`,
      remedies: [],
    };
  }
  const budget = { need, usable: maxClients, others };
  const shortage = shortageOf(budget);
  const takes = `Redis takes ${String(maxClients)} (maxclients)`;
  if (shortage === undefined) {
    const detail = `${opened}, and ${takes}, of which others hold ${String(others)}.`;
    return { ...row, have: maxClients, verdict: 'fits', detail, remedies: [] };
  }
  const each = Math.floor(affordable(budget, shortage) / workers);
  return {
    ...row,
    have: maxClients,
    verdict: 'tight',
    detail: `${opened}, ${shortage === 'alone' ? 'but' : 'and'} ${takes}${shortageText(budget, shortage)}.`,
    remedies: [
      redisConf({ maxclients: String(sufficient(budget, shortage)) }),
      ...(each < 1 ? [] : [environment({ REDIS_MAX_CONNECTIONS: String(each) })]),
    ],
  };
}

function memoryRow(demand: Demand, figures: RedisFigures): CapacityRow {
  const need = backlogMb(demand);
  const { maxMemory } = figures;
  const problem = durabilityProblem(demand, figures) ?? sizeProblem(demand, figures);
  const bound =
    maxMemory === undefined
      ? 'Redis does not tell its maxmemory'
      : maxMemory === 0
        ? 'Redis has no maxmemory'
        : `maxmemory is ${String(Math.floor(maxMemory / mib))} MB`;
  return {
    resource: 'redis_memory',
    unit: 'MB',
    need,
    have: maxMemory === undefined || maxMemory === 0 ? null : Math.floor(maxMemory / mib),
    verdict: problem === undefined ? (maxMemory === undefined ? 'unknown' : 'fits') : 'tight',
    detail:
      problem?.detail ??
      `INGEST_MAX_BACKLOG lets trades of ${String(need)} MB wait in Redis, and ${bound} (maxmemory-policy ${figures.policy ?? 'unknown'}).`,
    remedies: problem?.remedies ?? [],
  };
}

type Problem = Pick<CapacityRow, 'detail' | 'remedies'>;

/** What may lose trades that were accepted; with INGEST_DURABILITY=aof they are not accepted. */
function durabilityProblem({ ingest }: Demand, figures: RedisFigures): Problem | undefined {
  const { policy, appendOnly } = figures;
  const strict = ingest.durability === 'aof';
  const evicts = policy !== undefined && policy !== 'noeviction' && (strict || figures.maxMemory !== 0);
  const forgets = strict && appendOnly === false;
  if (!evicts && !forgets) return undefined;
  const faults = [
    ...(forgets ? ['runs without appendonly'] : []),
    ...(evicts ? [`may evict keys (maxmemory-policy ${policy})`] : []),
  ].join(' and ');
  const consequence = strict
    ? 'with INGEST_DURABILITY=aof trades are answered with 503'
    : 'trades that wait in it may be lost';
  return {
    detail: `Redis ${faults}: ${consequence}.`,
    remedies: [
      redisConf({
        ...(forgets ? { appendonly: 'yes' } : {}),
        ...(evicts ? { 'maxmemory-policy': 'noeviction' } : {}),
      }),
      ...(strict && !evicts ? [environment({ INGEST_DURABILITY: 'memory' })] : []),
    ],
  };
}

function sizeProblem(demand: Demand, { maxMemory = 0 }: RedisFigures): Problem | undefined {
  const need = backlogMb(demand);
  if (maxMemory === 0 || maxMemory >= need * mib) return undefined;
  return {
    detail: `INGEST_MAX_BACKLOG lets trades of ${String(need)} MB wait in Redis, but maxmemory is ${String(Math.floor(maxMemory / mib))} MB: it refuses writes before the backlog is full.`,
    remedies: [
      redisConf({ maxmemory: `${String(need)}mb` }),
      environment({ INGEST_MAX_BACKLOG: String(Math.floor(maxMemory / bytesPerTrade)) }),
    ],
  };
}

const redisConf = (settings: Remedy['settings']): Remedy => ({ where: 'redis.conf', settings });
const environment = (settings: Remedy['settings']): Remedy => ({ where: 'environment', settings });
