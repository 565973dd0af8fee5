import { type DevServer, freePort, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import { silentLogger } from '@app/logging';
import { runMigrations } from '@app/postgres';
import { runProcess, temporaryFolder, type TemporaryFolder } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domainSchema } from '../domain.js';

interface Printed {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly configuration: { readonly ok: boolean };
  readonly status: { readonly problems: readonly string[] } | null;
  readonly capacity: {
    readonly verdict: string;
    readonly workers: number;
    readonly rows: readonly { readonly resource: string; readonly verdict: string; readonly need: number }[];
  } | null;
}

describe('doctor', () => {
  let folder: TemporaryFolder;
  let servers: DevServer[];
  let env: Record<string, string | undefined>;
  beforeAll(async () => {
    folder = await temporaryFolder();
    servers = await Promise.all([
      startPostgres({ args: ['-c', 'max_connections=25'] }),
      startRedis(),
      startInfluxdb(),
    ]);
    const [postgres, redis, influxdb] = servers.map(({ url }) => url);
    env = {
      NODE_ENV: 'test',
      NODE_OPTIONS: '--max-old-space-size=100',
      SECRET_KEY: 'a key for tests, 0123456789 abcdefghij',
      DATABASE_URL: postgres,
      REDIS_URL: redis,
      INFLUXDB_URL: influxdb,
      INIT_WAIT: 'none',
      INIT_STATUS_FILE: `${folder.path}/status.json`,
      WORKER_PROCESSES: '1',
    };
    await runMigrations({ connectionString: postgres ?? '' }, domainSchema.migrations, {
      signal: AbortSignal.timeout(20_000),
      log: silentLogger(),
    });
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await folder[Symbol.asyncDispose]();
  });

  async function doctor(changes: Record<string, string> = {}, ...args: string[]) {
    const command = ['dist/apps/cli/src/main.js', 'doctor', ...args];
    await using process = await runProcess('node', command, { env: { ...env, ...changes } });
    const { code } = await process.exited;
    return { code, stdout: process.stdout, stderr: process.stderr };
  }

  async function json(changes?: Record<string, string>): Promise<{ code: number | null; printed: Printed }> {
    const { code, stdout } = await doctor(changes, '--json');
    return { code, printed: JSON.parse(stdout) as Printed };
  }

  it('shows configuration, datastores and capacity in one table, and ends with 0', async () => {
    const { code, stdout, stderr } = await doctor();
    expect([code, stderr]).toEqual([0, '']);
    const shown = stdout
      .replaceAll(/[\d.]+ ms/g, 'N ms')
      .replaceAll(/version [\d.]+/g, 'version V')
      // What this machine has of them.
      .replaceAll(/^(memory +\d+ MB) +(no bound|\d+ MB) /gm, '$1  LIMIT ')
      .replaceAll(/^(cpu +1) +[\d.]+ /gm, '$1  CPUS ');
    expect(shown).toMatch(
      new RegExp(
        [
          '^check                   need      have  verdict',
          'configuration                           can work.*',
          'db-init                                 no status \\(INIT_WAIT=none\\)',
          'migrations                 1         1  applied',
          'postgres                                up, version V, N ms',
          'redis                                   up, version V, N ms',
          'influxdb                                up, version V, N ms',
          'postgres connections      11        22  fits',
          'redis connections         10     10000  fits',
          'redis memory          123 MB  no bound  fits',
          'memory                \\d+ MB  LIMIT  fits',
          'cpu                        1  CPUS  fits',
          '',
          'A start makes 1 worker with a heap of 100 MB\\. A backend can start\\.\n$',
        ].join('\n'),
      ),
    );
  });

  it('ends with 78 where the pools never fit, and names the numbers', async () => {
    const { code, stdout } = await doctor({ WORKER_PROCESSES: '3' });
    expect(code).toBe(78);
    expect(stdout).toMatch(/^postgres connections +33 +22 +never$/m);
    expect(stdout.replaceAll(/\n +/g, ' ')).toContain(
      'Set max_connections = 36 in postgresql.conf (and restart PostgreSQL), or DB_MAX_OVERFLOW=1, or WORKER_PROCESSES=2.',
    );
    expect(stdout).toMatch(/They can never fit,\s+though CAPACITY_CHECK=warn\s+lets them\s+start\.\n$/);
  });

  it('prints the same for programs', async () => {
    const [fitting, never] = await Promise.all([json(), json({ WORKER_PROCESSES: '3' })]);
    expect([fitting.code, fitting.printed.ok, fitting.printed.exitCode]).toEqual([0, true, 0]);
    expect([never.code, never.printed.ok, never.printed.exitCode]).toEqual([78, false, 78]);
    expect(never.printed).toMatchObject({ configuration: { ok: true }, status: { ok: true, problems: [] } });
    expect(never.printed.capacity).toMatchObject({ verdict: 'never', workers: 3, heapMb: 100 });
    expect(never.printed.capacity?.rows[0]).toEqual({
      resource: 'postgres_connections',
      verdict: 'never',
      unit: 'connections',
      need: 33,
      have: 22,
      detail:
        '3 workers × (5 + 5 + 1) may open 33 connections, but PostgreSQL takes 22 (max_connections 25, 3 of them reserved).',
      remedies: [
        { where: 'postgresql.conf', settings: { max_connections: '36' } },
        { where: 'environment', settings: { DB_MAX_OVERFLOW: '1' } },
        { where: 'environment', settings: { WORKER_PROCESSES: '2' } },
      ],
    });
  });

  it('ends with 69 while a required datastore is missing, whose rows are unknown', async () => {
    const port = String(await freePort());
    const { code, printed } = await json({
      DATABASE_URL: `postgres://trader:secret@127.0.0.1:${port}/trading`,
    });
    expect([code, printed.exitCode]).toEqual([69, 69]);
    expect(printed.status?.problems[0]).toMatch(/^postgres is down \(refused\)/);
    expect(printed.capacity?.rows.map(({ resource, verdict }) => [resource, verdict])).toEqual([
      ['postgres_connections', 'unknown'],
      ['redis_connections', 'fits'],
      ['redis_memory', 'fits'],
      ['memory', expect.any(String)],
      ['cpu', 'fits'],
    ]);
    expect(JSON.stringify(printed)).not.toContain('secret');
  });

  it('ends with 0 where a datastore is missing that is not required', async () => {
    const { code, stdout } = await doctor({ INFLUXDB_URL: `http://127.0.0.1:${String(await freePort())}` });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^influxdb +down \(refused\)$/m);
  });

  it('ends with 78 and connects to nothing where the configuration cannot work', async () => {
    const { code, printed } = await json({ PORT: '70000' });
    expect([code, printed]).toEqual([
      78,
      {
        ok: false,
        exitCode: 78,
        configuration: {
          ok: false,
          mistakes: [expect.objectContaining({ variable: 'PORT' })],
          warnings: expect.any(Array),
        },
        status: null,
        capacity: null,
      },
    ]);
  });
});
