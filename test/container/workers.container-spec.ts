// A supervisor and its workers below an init, and one process alone there.
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { atFullPace } from '../support/traffic/at-full-pace.ts';
import { createInstrument } from '../support/traffic/instrument.ts';
import { figures, underTraffic } from '../support/traffic/under-traffic.ts';
import { servingWorkers } from '../support/workers.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import { buildProjectImage } from './project-image.ts';
import { type DatastoreNetwork, startDatastoreNetwork } from './rolling/datastore-network.ts';
import { type LimitedService, startLimitedService } from './workers/limited-service.ts';
import { makeSecretFiles } from './workers/secret-files.ts';

const mib = 2 ** 20;
const twoWorkers = { memoryMb: 1_024, cpus: 2 };
const ratePerSecond = 200;
const replacedWithinMs = 60_000;

const made = new AsyncDisposableStack();
let image: string;
let network: DatastoreNetwork;
beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  image = await buildProjectImage(engine);
  network = made.use(await startDatastoreNetwork(engine, image));
});
afterAll(() => made.disposeAsync());

const signal = (engine: EngineAccess, { container }: LimitedService, name: string): Promise<string> =>
  mustDocker(engine, ['kill', '--signal', name, container.name]);

const pidsOf = async (service: Pick<LimitedService, 'get'>): Promise<readonly number[]> =>
  (await servingWorkers(service, 2)).map(({ pid }) => pid);

async function until(service: LimitedService, message: string, times = 1): Promise<void> {
  const told = async () =>
    (await service.messages()).filter((line) => line.includes(message)).length === times;
  await waitFor(told, { timeoutMs: replacedWithinMs, message });
}

describe('a container that is sent SIGHUP', () => {
  test('replaces its workers, and no request fails', async ({ engine }) => {
    const place = network.program;
    await using service = await startLimitedService(engine, { image, place, ...twoWorkers });
    const token = await service.container.exec('token', '--scope', 'write');
    await atFullPace(ratePerSecond, async (attempt) => {
      const symbol = `HUP-${String(attempt)}`;
      await createInstrument(service.url, token, symbol);
      const before = await pidsOf(service);
      const plan = { url: service.url, token, symbol, ratePerSecond, connections: 20, secondsAround: 1 };
      const report = await underTraffic(plan, async () => {
        await signal(engine, service, 'HUP');
        const replaced = async () => !(await pidsOf(service)).some((pid) => before.includes(pid));
        await waitFor(replaced, { timeoutMs: replacedWithinMs, message: 'the workers to be replaced' });
        await until(service, 'SIGHUP: all workers are replaced', attempt);
      });
      process.stderr.write(`SIGHUP: ${figures(report)}\n`);
      const { failures, examples } = report;
      expect({ failures, examples }).toEqual({ failures: 0, examples: [] });
      return report;
    });
  });
});

/** What the service shows of itself to those outside. */
async function shown(
  engine: EngineAccess,
  service: LimitedService,
  token: string,
): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${token}` };
  const urls = [
    `${service.managementUrl}/metrics`,
    ...['livez', 'readyz', 'startupz', 'nothing'].map((path) => `${service.managementUrl}/${path}`),
    ...['/', '/liveness', '/readiness', '/startup', '/detailed'].map(
      (path) => `${service.url}/api/v1/health${path}`,
    ),
    ...['instruments', 'nothing'].map((path) => `${service.url}/api/v1/${path}`),
  ];
  const answers = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url, { headers });
      return `${String(response.status)} ${JSON.stringify([...response.headers])} ${await response.text()}`;
    }),
  );
  return [...answers, await service.log(), await mustDocker(engine, ['inspect', service.container.name])];
}

describe('secrets in files', () => {
  test('are shown nowhere, and read again at SIGHUP', async ({ engine }) => {
    await using secrets = await makeSecretFiles(engine, network);
    const settings = { HEALTH_DETAILS: 'authorized', LOG_LEVEL: 'trace' };
    await using service = await startLimitedService(engine, {
      image,
      place: secrets.place,
      settings,
      ...twoWorkers,
    });
    const { container } = service;
    const tokenNow = () => container.exec('token', '--scope', 'read');
    const detailed = async (token: string) =>
      (await service.get('/health/detailed', { authorization: `Bearer ${token}` })).status;
    const seen: string[] = [];
    const old = await tokenNow();
    const seenBy = (token: string): Pick<LimitedService, 'get'> => ({
      get: (path) => service.get(path, { authorization: `Bearer ${token}` }),
    });
    const [victim = 0] = await pidsOf(seenBy(old));
    seen.push(...(await shown(engine, service, old)));

    await container.exec('bash', '-c', `kill -KILL ${String(victim)}`);
    await waitFor(async () => !(await pidsOf(seenBy(old))).includes(victim), { timeoutMs: 30_000 });
    seen.push(...(await shown(engine, service, old)));

    await secrets.change('SECRET_KEY', (canary) => canary);
    const fresh = await tokenNow();
    const before = [await detailed(old), await detailed(fresh)];
    await signal(engine, service, 'HUP');
    await until(service, 'SIGHUP: all workers are replaced');
    const after = [await detailed(old), await detailed(fresh)];
    seen.push(...(await shown(engine, service, fresh)));
    expect({ before, after }).toEqual({ before: [200, 401], after: [401, 200] });

    await secrets.change('SECRET_KEY', (canary) => canary.slice(0, 20));
    await secrets.change('DATABASE_URL', (canary) => `mysql://operator:${canary}@postgres/postgres`);
    await signal(engine, service, 'HUP');
    await until(service, 'SIGHUP: the new worker 1 could not serve');
    seen.push(...(await shown(engine, service, fresh)));

    expect(await service.log()).toMatch(/DATABASE_URL[^]*SECRET_KEY|SECRET_KEY[^]*DATABASE_URL/);
    expect(seen.filter((text) => text.includes('"level":"trace"'))).not.toEqual([]);
    expect(seen.filter((text) => text.includes('process_cpu_seconds_total'))).toHaveLength(4);
    const parts = secrets.canaries.map((canary) => canary.slice(0, 20));
    expect(parts).toHaveLength(9);
    expect(seen.filter((text) => parts.some((part) => text.includes(part)))).toEqual([]);
  });
});

describe('an explicit WORKER_PROCESSES=1', () => {
  const alone = { memoryMb: 256, cpus: 2, settings: { WORKER_PROCESSES: '1' } };
  const start = (engine: EngineAccess): Promise<LimitedService> =>
    startLimitedService(engine, { image, place: network.program, ...alone });

  test('is one process right below the init, with a heap that fits, and a stop ends it with 0', async ({
    engine,
  }) => {
    await using service = await start(engine);
    const { container } = service;
    const [child, status] = [
      await container.exec('cat', '/proc/1/task/1/children'),
      await service.get('/health/detailed'),
    ];
    const command = (await container.exec('cat', `/proc/${child.trim()}/cmdline`)).split('\0');
    const below = await container.exec('cat', `/proc/${child.trim()}/task/${child.trim()}/children`);
    const { application, memory, workers } = status.body as {
      readonly application: { readonly pid: number };
      readonly memory: { readonly heapLimit: number };
      readonly workers: readonly object[];
    };
    expect({ pid: application.pid, below, workers: workers.length }).toEqual({
      pid: Number(child),
      below: '',
      workers: 1,
    });
    const flags = command.filter((part) => part.startsWith('--max-'));
    expect(flags).toEqual([
      expect.stringMatching(/^--max-old-space-size=\d+$/),
      expect.stringMatching(/^--max-semi-space-size=\d+$/),
    ]);
    const [old = 0, semi = 0] = flags.map((flag) => Number(flag.split('=')[1]));
    expect(memory.heapLimit).toBe((old + 3 * semi) * mib);
    // A quarter is left free, and 32 MB are for what is beside the heap.
    const mostMb = 256 * 0.75 - 32;
    expect([old + 3 * semi <= mostMb, old + 3 * semi > mostMb * 0.9]).toEqual([true, true]);
    const { code } = await service.container.stop();
    expect(code).toBe(0);
    const { stderr } = await service.container.logs();
    expect(stderr).toBe('');
  });

  test('takes SIGHUP for the end, which its engine may follow with a new start', async ({ engine }) => {
    await using service = await start(engine);
    await signal(engine, service, 'HUP');
    expect(await mustDocker(engine, ['wait', service.container.name])).toBe('0');
    expect(await service.messages()).toContainEqual(expect.stringMatching(/^draining → stopped \(SIGHUP\)/));
  });
});
