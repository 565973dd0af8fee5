import { type DevServer, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import { waitFor } from '@app/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backend.js';
import { type Environment, runApp, secretKey } from '../../support/programs.js';
import { servingWorkers } from '../../support/workers.js';

/** Two workers with a pool of 3 + 4 connections, and one for health checks each. */
const workers = {
  WORKER_PROCESSES: '2',
  DB_POOL_SIZE: '3',
  DB_MAX_OVERFLOW: '4',
  REDIS_MAX_CONNECTIONS: '10',
};
const needed = 2 * (3 + 4 + 1);
const reserved = 2;

describe('the capacity check before serving', () => {
  let redis: DevServer;
  let influxdb: DevServer;
  beforeAll(async () => {
    [redis, influxdb] = await Promise.all([startRedis(), startInfluxdb()]);
  });
  afterAll(async () => {
    await Promise.all([redis, influxdb].map((server) => server.stop()));
  });

  /** Runs a test on a PostgreSQL that takes so many connections, prepared by db-init. */
  async function withPostgres(
    maxConnections: number,
    test: (env: Environment) => Promise<void>,
  ): Promise<void> {
    const settings = [
      `max_connections=${String(maxConnections)}`,
      `superuser_reserved_connections=${String(reserved)}`,
    ];
    const postgres = await startPostgres({ args: settings.flatMap((setting) => ['-c', setting]) });
    try {
      const env = {
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        INFLUXDB_URL: influxdb.url,
        CAPACITY_CHECK: 'enforce',
        ...workers,
      };
      const { code } = await runApp('db-init', env);
      expect(code).toBe(0);
      await test(env);
    } finally {
      await postgres.stop();
    }
  }

  const refused = (env: Environment) =>
    runApp('backend', { SECRET_KEY: secretKey, PORT: '0', MANAGEMENT_PORT: '0', ...env });

  it('lets a service start where PostgreSQL takes exactly as many connections as its workers may open', async () => {
    await withPostgres(needed + reserved, async (env) => {
      await using backend = await startBackend(env);
      await expect(backend.ready()).resolves.toBeUndefined();
    });
  });

  it('refuses the start with 78 where it takes one less, and says which number to set', async () => {
    await withPostgres(needed + reserved - 1, async (env) => {
      const { code, stdout } = await refused(env);
      expect(code).toBe(78);
      expect(stdout).toContain(
        '2 workers × (3 + 4 + 1) may open 16 connections, but PostgreSQL takes 15 (max_connections 17, 2 of them reserved).',
      );
      expect(stdout).toContain(
        'Set max_connections = 18 in postgresql.conf (and restart PostgreSQL), or DB_MAX_OVERFLOW=3, or WORKER_PROCESSES=1.',
      );
    });
  });

  it('says the numbers of which each alone is enough', async () => {
    await withPostgres(needed + reserved - 1, async (env) => {
      await using backend = await startBackend({ ...env, DB_MAX_OVERFLOW: '3' });
      await expect(backend.ready()).resolves.toBeUndefined();
    });
  });

  it('only warns with CAPACITY_CHECK=warn, and says nothing with off', async () => {
    await withPostgres(needed + reserved - 1, async (env) => {
      const warned = /"level":"warn"[^\n]*"code":"capacity_postgres_connections"[^\n]*max_connections = 18 /;
      await using warning = await startBackend({ ...env, CAPACITY_CHECK: 'warn' });
      await warning.ready();
      expect(warning.process.stdout).toMatch(warned);
      await using silent = await startBackend({ ...env, CAPACITY_CHECK: 'off' });
      await silent.ready();
      expect(silent.process.stdout).not.toContain('capacity_');
    });
  });

  /** Others that hold one connection more than leaves the workers their own twice. */
  async function withOthers(env: Environment): Promise<AsyncDisposable> {
    const others = Array.from(
      { length: needed + 1 },
      () => new Client({ connectionString: env['DATABASE_URL'] }),
    );
    await Promise.all(others.map((other) => other.connect()));
    return {
      [Symbol.asyncDispose]: async () => {
        await Promise.all(others.map((other) => other.end()));
      },
    };
  }

  it('never refuses for what others hold, but warns', async () => {
    await withPostgres(2 * needed + reserved, async (env) => {
      await using _others = await withOthers(env);
      await using backend = await startBackend(env);
      await backend.ready();
      expect(backend.process.stdout).toMatch(
        /"code":"capacity_postgres_connections","msg":"[^"]*, and others hold 17 of them\. Set max_connections = 35 /,
      );
    });
  });

  it('looks at the start of the service alone, and not again for a worker that replaces the first one', async () => {
    await withPostgres(2 * needed + reserved, async (env) => {
      await using backend = await startBackend(env);
      const [first] = await servingWorkers(backend, 2);
      await using _others = await withOthers(env);
      process.kill(first?.pid ?? 0, 'SIGKILL');
      await waitFor(async () => (await servingWorkers(backend, 2))[0]?.restarts === 1, { timeoutMs: 20_000 });
      expect(backend.process.stdout).not.toContain('capacity_');
    });
  });

  it('never refuses for what Redis has, but warns', async () => {
    const full = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru', '--maxclients', '39'] });
    try {
      await withPostgres(2 * needed + reserved, async (env) => {
        await using backend = await startBackend({ ...env, REDIS_URL: full.url });
        await backend.ready();
        const warned = /"level":"warn"[^\n]*"code":"(capacity_\w+)"/g;
        const codes = [...backend.process.stdout.matchAll(warned)].map(([, code]) => code);
        expect(new Set(codes)).toEqual(new Set(['capacity_redis_connections', 'capacity_redis_memory']));
      });
    } finally {
      await full.stop();
    }
  });
});
