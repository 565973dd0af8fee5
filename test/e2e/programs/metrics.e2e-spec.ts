import { freePort, startRedis } from '@app/dev-services';
import { waitFor } from '@app/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { documentedMetrics, exposedMetrics } from '../../support/documented-metrics.js';
import { promtoolFindings, scrape, type Scrape } from '../../support/metrics.js';
import { runApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const failing = (backend: Backend, ...reasons: readonly (readonly [string, string])[]): Promise<boolean> =>
  waitFor(
    async () => {
      const { value } = await scrape(backend);
      return reasons.every(
        ([datastore, reason]) => value('datastore_failure_reason', { datastore, reason }) === 1,
      );
    },
    { message: JSON.stringify(reasons) },
  );

describe('/metrics of a process that serves', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend({
      ...datastores.env,
      INFLUXDB_URL: `http://127.0.0.1:${String(await freePort())}`,
    });
    await backend.ready();
    await failing(backend, ['influxdb', 'refused']);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  it('passes the check of Prometheus', async () => {
    expect(await promtoolFindings((await scrape(backend)).text)).toBe('');
  });

  it('has what docs/metrics.md has, each with its type, labels and meaning, and no more', async () => {
    const documented = documentedMetrics({ supervised: false });
    const { families } = await scrape(backend);
    expect(exposedMetrics(families, documented)).toEqual(documented);
  });

  it('has the number of the worker on every sample that is not of the container', async () => {
    const samples = (await scrape(backend)).families.flatMap((family) => family.samples);
    const without = samples.filter(({ labels }) => labels['worker'] !== '1');
    expect(without.map(({ name }) => name).filter((name) => !name.startsWith('app_container_'))).toEqual([]);
    expect(samples.length - without.length).toBeGreaterThan(100);
  });

  it('counts requests, and has no more series however many different ones come', async () => {
    const before = await scrape(backend);
    for (let number = 0; number < 20; number += 1) {
      const id = String(number);
      await backend.get(`/instruments/CANARY-${id}`, {
        'x-request-id': `canary-${id}`,
        origin: `http://${id}`,
      });
      await backend.get(`/no-such-path/${id}`, { authorization: `Bearer canary-${id}` });
      await backend.send('POST', '/instruments', { symbol: `CANARY.${id}` });
    }
    const after = await scrape(backend);
    const series = ({ families }: Scrape): readonly string[] =>
      families
        // What keeps the event loop alive comes and goes; there are some twenty kinds.
        .filter(({ name }) => name !== 'nodejs_active_resources')
        .flatMap(({ samples }) => samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`));
    expect(series(after)).toEqual(series(before));
    const requests = ({ families }: Scrape): number =>
      families
        .filter(({ name }) => /^app_requests_(admitted|refused)_total$/.test(name))
        .flatMap(({ samples }) => samples.map(({ value }) => value))
        .reduce((sum, value) => sum + value, 0);
    expect(requests(after) - requests(before)).toBe(60);
    expect(after.text).not.toMatch(/canary/i);
  });
});

describe('/metrics of a process in trouble', () => {
  it('tells while the start waits what it waits for', async () => {
    const port = String(await freePort());
    await using backend = await startBackend({ ...datastores.env, REDIS_URL: `redis://127.0.0.1:${port}` });
    const { value } = await waitFor(async () => {
      const all = await scrape(backend);
      const failed = all.value('datastore_failure_reason', { datastore: 'redis', reason: 'refused' });
      return failed === 1 && all.value('datastore_status', { datastore: 'postgres', status: 'up' }) === 1
        ? all
        : undefined;
    });
    expect([
      value('app_phase', { phase: 'starting' }),
      value('app_phase', { phase: 'serving' }),
      value('datastore_status', { datastore: 'redis', status: 'down' }),
      value('datastore_status', { datastore: 'postgres', status: 'up' }),
      value('datastore_critical', { datastore: 'redis' }),
    ]).toEqual([1, 0, 1, 1, 1]);
  });

  it('waits for no datastore that does not answer, and counts the transitions', async () => {
    const timeoutMs = 1_000;
    await using backend = await startBackend({
      ...datastores.env,
      HEALTH_CHECK_INTERVAL: '500ms',
      HEALTH_CHECK_TIMEOUT: `${String(timeoutMs)}ms`,
      HEALTH_CHECK_RETRIES: '2',
    });
    await backend.ready();
    const servers = [datastores.postgres, datastores.redis, datastores.influxdb];
    const before = await waitFor(async () => {
      const all = await scrape(backend);
      const up = servers.map(({ name }) => all.value('datastore_status', { datastore: name, status: 'up' }));
      return up.every((value) => value === 1) ? all : undefined;
    });
    for (const server of servers) server.signal('SIGSTOP');
    const resume = (): void => {
      for (const server of servers) server.signal('SIGCONT');
    };
    onTestFinished(resume);
    const began = performance.now();
    await scrape(backend);
    const tookMs = performance.now() - began;
    await waitFor(async () => {
      const { value } = await scrape(backend);
      return servers.every(
        ({ name }) => value('datastore_status', { datastore: name, status: 'down' }) === 1,
      );
    });
    const after = await scrape(backend);
    resume();

    expect(tookMs).toBeLessThan(timeoutMs);
    const counted = ({ value }: typeof after): readonly number[] =>
      servers.flatMap(({ name: datastore }) =>
        ['degraded', 'down'].map(
          (status) => value('datastore_status_transitions_total', { datastore, status }) ?? 0,
        ),
      );
    const earlier = counted(before);
    expect(counted(after).map((count, index) => count - (earlier[index] ?? 0))).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('holds no secret, no name of a user, database or host, and no message of a driver', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const operator = new Redis(redis.url);
    await operator.config('SET', 'requirepass', 'canary-redis-password');
    operator.disconnect();
    const redisUrl = new URL(redis.url);
    redisUrl.password = 'canary-redis-password';
    const database = new URL(datastores.postgres.url);
    Object.assign(database, { username: 'canary-user', password: 'canary-password', pathname: '/canary-db' });
    await using backend = await startBackend({
      APP_NAME: 'canary-application',
      DATABASE_URL: database.href,
      REDIS_URL: redisUrl.href,
      INFLUXDB_URL: 'http://canary-host.invalid:8086',
      INFLUXDB_DATABASE: 'canary-bucket',
      INFLUXDB_ORG: 'canary-organisation',
      INFLUXDB_TOKEN: 'canary-token',
      INFLUXDB_USERNAME: 'canary-writer',
      INFLUXDB_PASSWORD: 'canary-influxdb-password',
      SECRET_KEY: 'canary-key-0123456789-abcdefghijklmnop',
      SECRET_KEY_PREVIOUS: 'canary-previous-0123456789-abcdefghijk',
      CORS_ORIGINS: 'https://canary-origin.invalid',
      HEALTH_CRITICAL: 'redis',
      INIT_WAIT: 'none',
      HEALTH_CHECK_INTERVAL: '500ms',
    });
    await backend.ready();
    await backend.get('/quotes/CANARY');
    await failing(backend, ['postgres', 'authentication'], ['influxdb', 'dns']);
    const working = await scrape(backend);
    redis.signal('SIGKILL');
    await failing(backend, ['redis', 'refused']);
    const broken = await scrape(backend);

    // They have reached the process: its log tells of them.
    expect(backend.process.stdout).toMatch(/canary-user[^]*canary-host|canary-host[^]*canary-user/);
    const told = working.text + broken.text;
    expect(told.match(/canary|Canary|CANARY|invalid|127\.0\.0\.1|ENOTFOUND|ECONN/g)).toBeNull();
  });
});
