import { describe, expect, it } from 'vitest';
import { type CapacityRow, findingsOf, renderRemedy } from './capacity-row.js';

const row = (resource: CapacityRow['resource'], verdict: CapacityRow['verdict']): CapacityRow => ({
  resource,
  verdict,
  unit: 'connections',
  need: 2,
  have: 1,
  detail: `${resource} is ${verdict}.`,
  remedies: [{ where: 'environment', settings: { DB_POOL_SIZE: '1', DB_MAX_OVERFLOW: '0' } }],
});

describe('findingsOf', () => {
  it('refuses what never fits, and warns of what is tight', () => {
    const rows = [
      row('postgres_connections', 'never'),
      row('redis_memory', 'tight'),
      row('memory', 'fits'),
      row('redis_connections', 'unknown'),
    ];
    expect(findingsOf(rows, 'enforce')).toEqual([
      {
        code: 'capacity_postgres_connections',
        severity: 'error',
        detail: 'postgres_connections is never.',
        advice: 'Set DB_POOL_SIZE=1 and DB_MAX_OVERFLOW=0.',
      },
      {
        code: 'capacity_redis_memory',
        severity: 'warning',
        detail: 'redis_memory is tight.',
        advice: 'Set DB_POOL_SIZE=1 and DB_MAX_OVERFLOW=0.',
      },
    ]);
  });

  it('only warns where that is all that is asked', () => {
    const severities = findingsOf([row('memory', 'never'), row('redis_memory', 'tight')], 'warn').map(
      ({ code, severity }) => [code, severity],
    );
    expect(severities).toEqual([
      ['capacity_memory', 'warning'],
      ['capacity_redis_memory', 'warning'],
    ]);
  });

  it('hides what comes of a cause that it tells', () => {
    const rows = [
      row('memory', 'never'),
      row('cpu', 'tight'),
      row('postgres_connections', 'tight'),
      row('postgres_role_connections', 'never'),
      row('postgres_database_connections', 'never'),
    ];
    expect(findingsOf(rows, 'enforce').map(({ detail }) => detail)).toEqual([
      'memory is never.',
      'postgres_role_connections is never.',
      'postgres_database_connections is never.',
    ]);
  });
});

describe('renderRemedy', () => {
  it.each([
    [{ where: 'environment', settings: { A: '1', B: '2' } }, 'A=1 and B=2'],
    [
      { where: 'postgresql.conf', settings: { max_connections: '9' } },
      'max_connections = 9 in postgresql.conf (and restart PostgreSQL)',
    ],
    [{ where: 'redis.conf', settings: { maxclients: '9' } }, 'maxclients 9 in redis.conf'],
    [{ where: 'container', settings: { 'memory limit': '512M' } }, "the container's memory limit to 512M"],
    [
      { where: 'sql', settings: { 'ALTER ROLE "a" CONNECTION LIMIT': '9' } },
      'ALTER ROLE "a" CONNECTION LIMIT 9',
    ],
  ] as const)('writes %o as it is written there', (remedy, text) => {
    expect(renderRemedy(remedy)).toBe(text);
  });
});
