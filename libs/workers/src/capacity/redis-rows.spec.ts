import { describe, expect, it } from 'vitest';
import { adviceOf, type CapacityRow } from './capacity-row.js';
import { demandIn, type Situation } from './demand.fixture.js';
import type { RedisFigures } from './redis-figures.js';
import { redisRows } from './redis-rows.js';

const mib = 2 ** 20;

const sound: RedisFigures = {
  maxClients: 10_000,
  others: 5,
  maxMemory: 0,
  policy: 'noeviction',
  appendOnly: true,
};

const told = ({ verdict, need, have, detail, remedies }: CapacityRow): readonly unknown[] => [
  verdict,
  need,
  have,
  detail,
  ...(remedies.length > 0 ? [adviceOf(remedies)] : []),
];

/** What is said of the connections, and of the memory, for two workers. */
function rowsOf(figures: Partial<RedisFigures>, situation: Situation = {}) {
  const rows = redisRows(demandIn({ asked: 2, ...situation }), { ...sound, ...figures });
  const [connections, memory] = rows.map((row) => told(row));
  return { connections, memory };
}

describe('redisRows', () => {
  it('fits a Redis that keeps what it takes', () => {
    expect(rowsOf({})).toEqual({
      connections: [
        'fits',
        100,
        10_000,
        '2 workers × 50 may open 100 connections, and Redis takes 10000 (maxclients), of which others hold 5.',
      ],
      memory: [
        'fits',
        123,
        null,
        'INGEST_MAX_BACKLOG lets trades of 123 MB wait in Redis, and Redis has no maxmemory (maxmemory-policy noeviction).',
      ],
    });
  });

  it('never refuses for want of connections', () => {
    expect(rowsOf({ maxClients: 99 }).connections).toEqual([
      'tight',
      100,
      99,
      '2 workers × 50 may open 100 connections, but Redis takes 99 (maxclients).',
      'Set maxclients 100 in redis.conf, or REDIS_MAX_CONNECTIONS=49.',
    ]);
  });

  it('is tight with what others hold, and for a rolling update', () => {
    expect(rowsOf({ maxClients: 104 }).connections?.slice(3)).toEqual([
      '2 workers × 50 may open 100 connections, and Redis takes 104 (maxclients), and others hold 5 of them.',
      'Set maxclients 105 in redis.conf, or REDIS_MAX_CONNECTIONS=49.',
    ]);
    expect(rowsOf({ maxClients: 204 }).connections?.slice(4)).toEqual([
      'Set maxclients 205 in redis.conf, or REDIS_MAX_CONNECTIONS=49.',
    ]);
    expect(rowsOf({ maxClients: 205 }).connections?.[0]).toBe('fits');
  });

  it.each<[string, Partial<RedisFigures>, Situation, string, string]>([
    [
      'has no append-only file',
      { appendOnly: false },
      {},
      'Redis runs without appendonly: with INGEST_DURABILITY=aof trades are answered with 503.',
      'Set appendonly yes in redis.conf, or INGEST_DURABILITY=memory.',
    ],
    [
      'may evict keys',
      { policy: 'allkeys-lru' },
      {},
      'Redis may evict keys (maxmemory-policy allkeys-lru): with INGEST_DURABILITY=aof trades are answered with 503.',
      'Set maxmemory-policy noeviction in redis.conf.',
    ],
    [
      'does neither',
      { policy: 'volatile-ttl', appendOnly: false },
      {},
      'Redis runs without appendonly and may evict keys (maxmemory-policy volatile-ttl): with INGEST_DURABILITY=aof trades are answered with 503.',
      'Set appendonly yes and maxmemory-policy noeviction in redis.conf.',
    ],
    [
      'may evict keys that are to be kept in memory',
      { policy: 'allkeys-lru', maxMemory: 512 * mib },
      { ingest: { durability: 'memory' } },
      'Redis may evict keys (maxmemory-policy allkeys-lru): trades that wait in it may be lost.',
      'Set maxmemory-policy noeviction in redis.conf.',
    ],
    [
      'has less memory than the backlog may take',
      { maxMemory: 64 * mib },
      {},
      'INGEST_MAX_BACKLOG lets trades of 123 MB wait in Redis, but maxmemory is 64 MB: it refuses writes before the backlog is full.',
      'Set maxmemory 123mb in redis.conf, or INGEST_MAX_BACKLOG=524288.',
    ],
  ])('is tight where Redis %s', (_what, figures, situation, detail, advice) => {
    const { memory } = rowsOf(figures, situation);
    expect([memory?.[0], memory?.[3], memory?.[4]]).toEqual(['tight', detail, advice]);
  });

  it('has nothing against a policy that never comes into force, where trades may be lost', () => {
    expect(
      rowsOf({ policy: 'allkeys-lru', appendOnly: false }, { ingest: { durability: 'memory' } }).memory?.[0],
    ).toBe('fits');
  });

  it('does not know what Redis does not tell', () => {
    const { connections, memory } = rowsOf({
      maxClients: undefined,
      maxMemory: undefined,
      policy: undefined,
      appendOnly: undefined,
    });
    expect([connections?.[0], connections?.[2], memory?.[0], memory?.[2]]).toEqual([
      'unknown',
      null,
      'unknown',
      null,
    ]);
  });
});
