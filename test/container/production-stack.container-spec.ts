import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { makeTrades, modelCandles } from '../support/candle-model.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { docker, mustDocker } from './engine/docker.ts';
import { openPorts, reachable, serverTargets } from './stack-reach.ts';
import { candlesOf, clientOf, instrumentOf, ticksOf, tokenOf } from './stack-client.ts';
import { endedWell, exitCodesOf, type StackEvent, watchEvents } from './stack-events.ts';
import { hardenedProgram, hardenedServer, unprivilegedStatus } from './stack-hardening.ts';
import { leftovers, openStack, type Stack } from './stack.ts';
import { placesOfSecrets, secretsOf } from './stack-secrets.ts';

const servers = ['postgres', 'redis', 'influxdb'];
const minuteMs = 60_000;
const startMs = Date.parse('2024-02-28T22:00:00Z');

/** Every port that one of the images listens on. */
const ports = [5432, 6379, 8000, 8001, 8086, 8088];

let stack: Stack;
let portsBefore: readonly number[];
let events: readonly StackEvent[];

beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  portsBefore = await openPorts(engine.host, ports);
  // The checks are the shipped ones, but often enough to see an outage soon.
  stack = await openStack(engine, {
    backend: { environment: { HEALTH_CHECK_INTERVAL: '1s' }, healthcheck: { interval: '1s' } },
  });
  await using watch = await watchEvents(engine, stack.project);
  await stack.must('prod', '--init-secrets', '--build');
  events = await watch.until('health_status: healthy', ['backend']);
});
afterAll(async () => {
  if (engineOfRun() !== undefined) await stack[Symbol.asyncDispose]();
});

/** Where in the course of the start something happened, the first time. */
function when(service: string, action: string): number {
  const index = events.findIndex((event) => event.service === service && event.action === action);
  expect(index, `${service} ${action}`).toBeGreaterThanOrEqual(0);
  return index;
}

describe('the production stack', () => {
  test('comes up in order: the servers healthy, db-init done, the backend', () => {
    const healthy = Object.fromEntries(servers.map((name) => [name, when(name, 'health_status: healthy')]));
    expect(when('db-init', 'start')).toBeGreaterThan(
      Math.max(healthy['postgres'] ?? 0, healthy['influxdb'] ?? 0),
    );
    expect(events[when('db-init', 'die')]?.exitCode).toBe('0');
    expect(when('backend', 'start')).toBeGreaterThan(when('db-init', 'die'));
    expect(when('backend', 'start')).toBeGreaterThan(healthy['redis'] ?? Infinity);
    expect(when('backend', 'health_status: healthy')).toBeGreaterThan(when('backend', 'start'));
  });

  test('takes trades on the published port and answers exact candles', async () => {
    const client = await clientOf(stack);
    const symbol = 'EXACT-CANDLES';
    const trades = makeTrades(1_000, startMs, 20);
    expect((await client.send('POST', '/instruments', instrumentOf(symbol))).status).toBe(201);
    expect(await client.send('POST', '/ticks', ticksOf(symbol, trades))).toEqual({
      status: 202,
      body: { accepted: 1_000, rejected: [] },
    });
    expect(await candlesOf(client, symbol, startMs, 1_000)).toEqual(
      modelCandles(trades, minuteMs).map((candle) => ({ ...candle, complete: true })),
    );
  });

  test('opens no port of the host but the published one', async ({ engine }) => {
    const port = Number(new URL(await stack.api()).port);
    expect(await openPorts(engine.host, [...ports, port])).toEqual([...portsBefore, port]);
  });

  test('keeps containers of other networks away from the datastores', async ({ engine }) => {
    const inner = `${stack.project}_datastores`;
    const targets = await serverTargets(stack, inner);
    expect(await mustDocker(engine, ['network', 'inspect', '--format', '{{.Internal}}', inner])).toBe('true');
    const from = (network: string) => reachable(engine, network, targets);
    expect(await from(inner)).toEqual(targets.map(() => 'connected'));
    const apart = targets.map((_, index) =>
      expect.stringMatching(index % 2 === 0 ? /^(timeout|E(HOST|NET)UNREACH)$/ : /^E(NOTFOUND|AI_AGAIN)$/),
    );
    // The backend's other network, and one that has nothing to do with the stack.
    expect(await from(`${stack.project}_default`)).toEqual(apart);
    expect(await from('bridge')).toEqual(apart);
  });

  test("leaves the guide's three log files in ./logs, written by appuser", async () => {
    const folder = join(stack.folder, 'logs');
    expect((await readdir(folder)).toSorted()).toEqual(['backend.log', 'backend_startup.log', 'init.log']);
    for (const name of await readdir(folder)) {
      const { uid, size } = await stat(join(folder, name));
      expect({ name, uid, empty: size === 0 }).toEqual({ name, uid: 10_001, empty: false });
    }
  });

  test('shows no secret in any inspection, environment, command line, log or answer', async ({ engine }) => {
    const secrets = await secretsOf(stack);
    expect(Object.keys(secrets)).toHaveLength(6);
    const places = await placesOfSecrets(engine, stack);
    const shown = Object.entries(places).flatMap(([place, text]) =>
      Object.entries(secrets)
        .filter(([, secret]) => text.includes(secret))
        .map(([name]) => `${name} in ${place}`),
    );
    expect(shown).toEqual([]);
  });

  test.for(['backend', 'db-init'])('runs %s without privileges, read-only and bounded', async (service) => {
    const { Config, HostConfig } = await stack.inspect(service);
    expect(Config.User).toBe('10001:10001');
    expect(HostConfig).toMatchObject(hardenedProgram);
  });

  test("gives the backend the guide's memory, and restarts it when it fails", async () => {
    const { Config, HostConfig } = await stack.inspect('backend');
    expect(HostConfig).toMatchObject({
      Memory: 2 ** 30,
      MemoryReservation: 2 ** 29,
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
    });
    expect(Config.StopTimeout).toBe(30);
  });

  test.for(servers)('runs %s without root and without capabilities', async (service) => {
    expect((await stack.inspect(service)).HostConfig).toMatchObject(hardenedServer);
    expect(await stack.inside(service, 'cat', '/proc/1/status')).toMatch(unprivilegedStatus);
  });
});

describe("the guide's debugging commands", () => {
  test.for<[string, RegExp]>([
    [`echo 'echo "$((6 * 7)) by $(whoami)"' | docker compose exec -T backend bash`, /^42 by appuser$/m],
    ['docker compose exec -T backend env', /^NODE_ENV=production$[^]*^HOME=/m],
    [
      'docker compose exec -T backend check-db-status',
      /^postgres +up, version 1\d[^]*^A backend can start\.$/m,
    ],
    [
      'docker compose exec -T backend validate-config',
      /^The configuration can work\.$[^]*^SECRET_KEY +set$/m,
    ],
    ['docker compose exec -T backend healthcheck', /^healthy: .*answered 200/],
    ['docker compose logs backend', /"msg":"starting → serving \(started\)/],
    ['docker compose logs db-init', /"msg":"db-init is done\."/],
    ['docker compose ps', /backend.*\(healthy\)/],
  ])('%s', async ([line, said]) => {
    const { code, stdout, stderr } = await stack.typed(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(said);
  });

  test('npm run stack:logs -- db-init', async () => {
    const { code, stdout } = await stack.script('logs', '--follow=false', '--tail=1', 'db-init');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[^\n]*"msg":"db-init is done\."\}\n$/);
  });

  test('curl …/health/detailed: 401 without a token, everything with one', async () => {
    const [client, token] = await Promise.all([clientOf(stack), tokenOf(stack, 'read')]);
    expect((await client.get('/health/detailed')).status).toBe(401);
    expect(await client.get('/health/detailed', { authorization: `Bearer ${token}` })).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        info: { postgres: { facts: { maxConnections: 165 } } },
        memory: { containerLimit: 2 ** 30 },
      },
    });
  });
});

describe('the production stack in trouble', () => {
  test("is unhealthy for Compose and healthy for the image's own check while PostgreSQL is away", async ({
    engine,
  }) => {
    const own = JSON.parse(
      await mustDocker(engine, ['inspect', '--format', '{{json .Config.Healthcheck.Test}}', stack.image]),
    ) as string[];
    const health = async (service = 'backend') => (await stack.inspect(service)).State.Health?.Status;
    const check = async (...args: string[]) =>
      (await docker(engine, ['exec', stack.container('backend'), ...args])).code;
    await waitFor(async () => (await health()) === 'healthy');
    await mustDocker(engine, ['pause', stack.container('postgres')]);
    try {
      await waitFor(async () => (await health()) === 'unhealthy', { timeoutMs: 60_000 });
      expect(own).toEqual(['CMD', 'healthcheck']);
      expect(await check('healthcheck')).toBe(0);
      expect(await check('healthcheck', '--path', '/api/v1/health/readiness')).toBe(1);
      expect((await stack.inspect('backend')).State).toMatchObject({ Status: 'running' });
    } finally {
      await mustDocker(engine, ['unpause', stack.container('postgres')]);
    }
    for (const service of ['postgres', 'backend'])
      await waitFor(async () => (await health(service)) === 'healthy', { timeoutMs: 60_000 });
  });

  test('serves on the schema of a later release, whose migrations it does not know', async () => {
    const later = 'AddRemark9000000000000';
    // As a later release would have left it: an additive migration and its row.
    const sql = `ALTER TABLE instruments ADD COLUMN remark text NOT NULL DEFAULT '';
      INSERT INTO migrations (timestamp, name) VALUES (9000000000000, '${later}')`;
    await stack.inside('postgres', 'psql', '-U', 'trading', '-v', 'ON_ERROR_STOP=1', '-1', '-c', sql);
    await stack.must('prod', '--force-recreate', 'db-init', 'backend');
    const status = JSON.parse(
      await stack.inside('backend', 'cat', '/var/lib/db-init/status.json'),
    ) as unknown;
    expect(status).toMatchObject({ state: 'completed', migrations: expect.arrayContaining([later]) });
    const client = await clientOf(stack);
    expect((await client.get('/health/readiness')).status).toBe(200);
    const [trade] = makeTrades(1, startMs, 1);
    expect((await client.send('POST', '/instruments', instrumentOf('OLDER-CODE'))).status).toBe(201);
    expect(await client.send('POST', '/ticks', ticksOf('OLDER-CODE', trade ? [trade] : []))).toMatchObject({
      status: 202,
      body: { accepted: 1 },
    });
    expect(await candlesOf(client, 'OLDER-CODE', startMs, 1)).toHaveLength(1);
  });

  test('ends with exit code 0 everywhere by stack:down, and has its data at the next start', async ({
    engine,
  }) => {
    const client = await clientOf(stack);
    expect((await client.send('POST', '/instruments', instrumentOf('KEPT'))).status).toBe(201);
    const trades = makeTrades(20, startMs, 20);
    expect((await client.send('POST', '/ticks', ticksOf('KEPT', trades))).status).toBe(202);
    const before = await leftovers(engine, stack.project);

    await using watch = await watchEvents(engine, stack.project);
    await stack.must('down');
    expect(await exitCodesOf(watch)).toEqual(endedWell);
    const after = await leftovers(engine, stack.project);
    // The volumes.
    expect(after).toHaveLength(4);
    expect(before).toEqual(expect.arrayContaining([...after]));

    await stack.must('prod');
    const again = await clientOf(stack);
    expect(await candlesOf(again, 'KEPT', startMs, 20)).toHaveLength(modelCandles(trades, minuteMs).length);
  });
});
