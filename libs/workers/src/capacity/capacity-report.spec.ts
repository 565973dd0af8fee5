import { startPostgres } from '@app/dev-services';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { capacityReport } from './capacity-report.js';
import { demandIn } from './demand.fixture.js';
import { nowhere, sourcesAt } from './sources.fixture.js';

describe('capacityReport', () => {
  it('does not know the rows of datastores that are away, and judges the container all the same', async () => {
    const report = await capacityReport(demandIn({ limitMb: 512, asked: 9 }), sourcesAt(nowhere));
    expect(report).toMatchObject({ verdict: 'never', workers: 9, heapMb: 64, notes: [] });
    expect(report.rows.map(({ resource, verdict, need, have }) => [resource, verdict, need, have])).toEqual([
      ['postgres_connections', 'unknown', 279, null],
      ['redis_connections', 'unknown', 450, null],
      ['redis_memory', 'unknown', 123, null],
      ['memory', 'never', 1036, 512],
      ['cpu', 'tight', 9, 8],
    ]);
    expect(report.rows[0]?.detail).toBe('The datastore postgres does not work (pending).');
  });

  it('does not know what a role may not ask for', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(`CREATE ROLE trader LOGIN PASSWORD 'secret'`);
    await admin.query('REVOKE SELECT ON pg_stat_activity FROM PUBLIC');
    await admin.end();
    const url = new URL(server.url);
    url.username = 'trader';
    url.password = 'secret';
    const sources = sourcesAt(url.href);
    sources.postgres.connect();
    await sources.postgres.whenConnected(AbortSignal.timeout(10_000));
    const { rows } = await capacityReport(demandIn({ asked: 1 }), sources);
    expect([rows[0]?.verdict, rows[0]?.detail]).toEqual([
      'unknown',
      'PostgreSQL does not tell: permission denied for view pg_stat_activity.',
    ]);
  });

  it('has the notes of the plan', async () => {
    const report = await capacityReport(demandIn({ limitMb: 256, cpuCores: 2 }), sourcesAt(nowhere));
    expect(report).toMatchObject({
      verdict: 'fits',
      workers: 1,
      heapMb: 84,
      notes: [expect.stringContaining('starts 1 worker instead of 2')],
    });
  });
});
