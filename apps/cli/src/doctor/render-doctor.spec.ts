import type { CapacityReport, CapacityRow } from '@app/workers/nest';
import { describe, expect, it } from 'vitest';
import type { DbStatus } from '../db-status/db-status.js';
import { type DoctorReport, exitCodeOf } from './doctor-report.js';
import { renderDoctor } from './render-doctor.js';

const row = (
  resource: CapacityRow['resource'],
  [unit, need, have, verdict]: [CapacityRow['unit'], number, number | null, CapacityRow['verdict']],
  rest: Partial<CapacityRow> = {},
): CapacityRow => ({ resource, unit, need, have, verdict, detail: 'Fine.', remedies: [], ...rest });

const rows = [
  row('postgres_connections', ['connections', 62, 97, 'fits']),
  row('redis_connections', ['connections', 100, 10_000, 'fits']),
  row('redis_memory', ['MB', 123, null, 'fits']),
  row('memory', ['MB', 432, 512, 'fits']),
  row('cpu', ['processors', 2, 2, 'fits']),
];

const tooMany = row('postgres_connections', ['connections', 62, 61, 'never'], {
  detail:
    '2 workers × (10 + 20 + 1) may open 62 connections, but PostgreSQL takes 61 (max_connections 64, 3 of them reserved).',
  remedies: [
    { where: 'postgresql.conf', settings: { max_connections: '65' } },
    { where: 'environment', settings: { DB_MAX_OVERFLOW: '19' } },
    { where: 'environment', settings: { WORKER_PROCESSES: '1' } },
  ],
});

const status: DbStatus = {
  ok: true,
  problems: [],
  init: {
    file: '/var/lib/db-init/status.json',
    wait: 'file',
    status: { state: 'completed', startedAt: 'x', finishedAt: 'y', migrations: ['A1'] },
  },
  migrations: { known: ['A1'], applied: ['A1'], missing: [], newer: [] },
  datastores: [
    { name: 'postgres', status: 'up', version: '17.2', latencyMs: 1.2 },
    { name: 'redis', status: 'up', version: '8.0.2', latencyMs: 0.4 },
    { name: 'influxdb', status: 'up', version: '1.6.7', latencyMs: 0.9 },
  ],
};

function report(changes: {
  capacity?: Partial<CapacityReport>;
  status?: Partial<DbStatus>;
  mode?: string;
}): DoctorReport {
  return {
    configuration: {
      ok: true,
      mistakes: [],
      warnings: [],
      config: { CAPACITY_CHECK: changes.mode ?? 'enforce' },
    },
    status: { ...status, ...changes.status },
    capacity: { verdict: 'fits', workers: 2, heapMb: 128, notes: [], rows, ...changes.capacity },
  };
}

describe('renderDoctor', () => {
  it('is one table and a verdict where everything fits', () => {
    expect(renderDoctor(report({}))).toBe(
      `
check                   need      have  verdict
configuration                           can work
db-init                                 completed
migrations                 1         1  applied
postgres                                up, version 17.2, 1.2 ms
redis                                   up, version 8.0.2, 0.4 ms
influxdb                                up, version 1.6.7, 0.9 ms
postgres connections      62        97  fits
redis connections        100     10000  fits
redis memory          123 MB  no bound  fits
memory                432 MB    512 MB  fits
cpu                        2         2  fits

A start makes 2 workers with a heap of 128 MB each. A backend can start.`.trim(),
    );
  });

  it('says what never fits and which numbers to set, in lines of at most 100 columns', () => {
    const text = renderDoctor(report({ capacity: { verdict: 'never', rows: [tooMany] } }));
    expect(text.split('\n').slice(7)).toEqual([
      'postgres connections    62    61  never',
      '',
      'never    2 workers × (10 + 20 + 1) may open 62 connections, but PostgreSQL takes 61 (max_connections',
      '         64, 3 of them reserved). Set max_connections = 65 in postgresql.conf (and restart',
      '         PostgreSQL), or DB_MAX_OVERFLOW=19, or WORKER_PROCESSES=1.',
      '',
      'A start makes 2 workers with a heap of 128 MB each, and is refused: they can never fit.',
    ]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it.each(['warn', 'off'])('says that CAPACITY_CHECK=%s lets a backend start that never fits', (mode) => {
    const text = renderDoctor(report({ mode, capacity: { verdict: 'never', rows: [tooMany] } }));
    expect(text.replaceAll('\n', ' ')).toContain(
      `each. They can never fit, though CAPACITY_CHECK=${mode} lets them start.`,
    );
  });

  it('says what is missing, what is not known, and what was lowered', () => {
    const text = renderDoctor(
      report({
        status: {
          ok: false,
          problems: ['postgres is down (refused): Start the server, or correct host and port in its URL.'],
          init: { file: '/x', wait: 'file', status: undefined },
          migrations: { known: ['A1'], applied: undefined, missing: [], newer: [] },
          datastores: [{ name: 'postgres', status: 'down', reason: 'refused', advice: 'Start the server.' }],
        },
        capacity: {
          workers: 1,
          heapMb: null,
          notes: ['WORKER_PROCESSES=auto starts 1 worker instead of 2.'],
          rows: [
            row('postgres_connections', ['connections', 31, null, 'unknown'], {
              detail: 'The datastore postgres does not work (refused).',
            }),
          ],
        },
      }),
    );
    expect(text).toBe(
      `
check                 need  have  verdict
configuration                     can work
db-init                           no status (INIT_WAIT=file)
migrations               1        unknown
postgres                          down (refused)
postgres connections    31        unknown

missing  postgres is down (refused): Start the server, or correct host and port in its URL.
unknown  The datastore postgres does not work (refused).
note     WORKER_PROCESSES=auto starts 1 worker instead of 2.

A start makes 1 worker, whose heap V8 chooses, but not now: something is missing.`.trim(),
    );
  });

  it('shows the mistakes alone where the configuration cannot work', () => {
    const text = renderDoctor({
      configuration: {
        ok: false,
        mistakes: [
          { variable: 'DB_POOLSIZE', problem: 'is no variable', suggestion: 'DB_POOL_SIZE', source: '.env' },
        ],
        warnings: [{ variable: 'SHUTDOWN_TIMEOUT', problem: 'is short', example: 'SHUTDOWN_TIMEOUT=20s' }],
      },
      status: null,
      capacity: null,
    });
    expect(text).toBe(
      `
check          need  have  verdict
configuration              1 mistake

mistake  DB_POOLSIZE: is no variable. Did you mean DB_POOL_SIZE? (found in .env)
warning  SHUTDOWN_TIMEOUT: is short. Example: SHUTDOWN_TIMEOUT=20s

A backend cannot start: correct the configuration.`.trim(),
    );
  });
});

describe('exitCodeOf', () => {
  it.each([
    [0, report({})],
    [0, report({ capacity: { verdict: 'tight' } })],
    [69, report({ status: { ok: false } })],
    [78, report({ capacity: { verdict: 'never' } })],
    [78, report({ status: { ok: false }, capacity: { verdict: 'never' } })],
    [78, { configuration: { ok: false, mistakes: [], warnings: [] }, status: null, capacity: null }],
  ])('is %i by the worst that was found', (code, found) => {
    expect(exitCodeOf(found)).toBe(code);
  });
});
