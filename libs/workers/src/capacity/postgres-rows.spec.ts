import { describe, expect, it } from 'vitest';
import { adviceOf } from './capacity-row.js';
import { demandIn, type Situation } from './demand.fixture.js';
import type { PostgresFigures } from './postgres-figures.js';
import { postgresRows } from './postgres-rows.js';

const figures = (
  maxConnections: number,
  others = 0,
  rest: Partial<PostgresFigures> = {},
): PostgresFigures => ({
  pooled: false,
  server: { limit: maxConnections, others },
  reserved: 3,
  role: undefined,
  database: undefined,
  ...rest,
});

/** Verdict, need, have, and the sentences of the only row. */
function rowOf(situation: Situation, told: PostgresFigures) {
  const [row, ...more] = postgresRows(demandIn(situation), told);
  expect(more).toEqual([]);
  if (row === undefined) throw new TypeError('There is no row.');
  return [row.verdict, row.need, row.have, row.detail, row.remedies.length > 0 && adviceOf(row.remedies)];
}

describe('postgresRows', () => {
  it('fits as long as a rolling update of twice the workers does', () => {
    expect(rowOf({ asked: 2 }, figures(127))).toEqual([
      'fits',
      62,
      124,
      '2 workers × (10 + 20 + 1) may open 62 connections, and PostgreSQL takes 124 (max_connections 127, 3 of them reserved), of which others hold 0.',
      false,
    ]);
  });

  it('never fits with one connection less than the workers may open, and says which numbers to set', () => {
    expect(rowOf({ asked: 2 }, figures(65))[0]).toBe('tight');
    expect(rowOf({ asked: 2 }, figures(64))).toEqual([
      'never',
      62,
      61,
      '2 workers × (10 + 20 + 1) may open 62 connections, but PostgreSQL takes 61 (max_connections 64, 3 of them reserved).',
      'Set max_connections = 65 in postgresql.conf (and restart PostgreSQL), or DB_MAX_OVERFLOW=19, or WORKER_PROCESSES=1.',
    ]);
  });

  it('offers smaller pools where no overflow is little enough', () => {
    expect(rowOf({ asked: 4 }, figures(23))[4]).toBe(
      'Set max_connections = 127 in postgresql.conf (and restart PostgreSQL), or DB_POOL_SIZE=4 and DB_MAX_OVERFLOW=0.',
    );
  });

  it('offers nothing of its own where there is not even one connection for each worker', () => {
    expect(rowOf({ asked: 8 }, figures(10))[4]).toBe(
      'Set max_connections = 251 in postgresql.conf (and restart PostgreSQL).',
    );
  });

  it('is tight with what others hold, which never keeps from starting', () => {
    expect(rowOf({ asked: 2 }, figures(100, 40))).toEqual([
      'tight',
      62,
      97,
      '2 workers × (10 + 20 + 1) may open 62 connections, and PostgreSQL takes 97 (max_connections 100, 3 of them reserved), and others hold 40 of them.',
      'Set max_connections = 105 in postgresql.conf (and restart PostgreSQL), or DB_MAX_OVERFLOW=17, or WORKER_PROCESSES=1.',
    ]);
  });

  it('is tight for a rolling update, and counts what others hold', () => {
    expect(rowOf({ asked: 1 }, figures(100, 40))).toEqual([
      'tight',
      31,
      97,
      '1 worker × (10 + 20 + 1) may open 31 connections, and PostgreSQL takes 97 (max_connections 100, 3 of them reserved), of which others hold 40; while a rolling update runs twice as many workers, 62 are needed.',
      'Set max_connections = 105 in postgresql.conf (and restart PostgreSQL), or DB_MAX_OVERFLOW=17.',
    ]);
  });

  it('offers only what then fits', () => {
    for (const maxConnections of [20, 40, 64, 65, 90, 126]) {
      for (const others of [0, 7, 33]) {
        const told = figures(maxConnections, others);
        const before = postgresRows(demandIn({ asked: 3 }), told)[0];
        for (const { settings } of before?.remedies ?? []) {
          const raised = Number(settings['max_connections'] ?? maxConnections);
          const demand = demandIn({
            asked: Number(settings['WORKER_PROCESSES'] ?? 3),
            pool: [Number(settings['DB_POOL_SIZE'] ?? 10), Number(settings['DB_MAX_OVERFLOW'] ?? 20)],
          });
          const after = postgresRows(demand, figures(raised, others))[0];
          // What made it too small is gone; the next strict thing may be left.
          const rank = ['never', 'tight', 'fits'];
          const isBetter =
            rank.indexOf(after?.verdict ?? '') > rank.indexOf(before?.verdict ?? '') ||
            after?.detail !== before?.detail;
          expect([settings, isBetter, after?.verdict === 'never']).toEqual([settings, true, false]);
        }
      }
    }
  });

  it('has a row for each bound of the role and of the database', () => {
    const rows = postgresRows(
      demandIn({ asked: 1 }),
      figures(200, 4, {
        role: { name: 'trader "x"', limit: 30, others: 0 },
        database: { name: 'trading', limit: 70, others: 4 },
      }),
    );
    expect(rows.map(({ resource, verdict, have }) => [resource, verdict, have])).toEqual([
      ['postgres_connections', 'fits', 197],
      ['postgres_role_connections', 'never', 30],
      ['postgres_database_connections', 'fits', 70],
    ]);
    expect(rows[1]?.detail).toBe(
      '1 worker × (10 + 20 + 1) may open 31 connections, but the role trader "x" takes 30.',
    );
    expect(adviceOf(rows[1]?.remedies ?? [])).toBe(
      'Set ALTER ROLE "trader ""x""" CONNECTION LIMIT 31, or DB_MAX_OVERFLOW=19.',
    );
  });

  it('leaves the verdict to a pooler that stands between', () => {
    expect(rowOf({ asked: 8 }, figures(20, 0, { pooled: true }))).toEqual([
      'unknown',
      248,
      null,
      'A pooler stands before PostgreSQL: it must take 248 clients of this service (PgBouncer: max_client_conn), and its own pools decide what PostgreSQL has to bear.',
      false,
    ]);
  });
});
