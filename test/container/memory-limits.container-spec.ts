// What a container with little memory does when it is sent more than it has room for.
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { hostileBodies, rejectedTrades } from '../support/hostile-bodies.ts';
import { closedLoad } from '../support/load.ts';
import { storedOf } from '../support/trade-bodies.ts';
import { createInstrument } from '../support/traffic/instrument.ts';
import { servingWorkers } from '../support/workers.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import { buildProjectImage } from './project-image.ts';
import { type DatastoreNetwork, startDatastoreNetwork } from './rolling/datastore-network.ts';
import { type LimitedService, startLimitedService } from './workers/limited-service.ts';
import { postTrades, tradesRequest } from './workers/posted-trades.ts';

const mib = 2 ** 20;
/** What a body of 10,000 trades takes of the memory while it is worked on, in MiB. */
const bodyMb = 11;
const loadMs = 3_000;
const hostileLoad = { connections: 6, forMs: 200 };
/** How soon readiness must be green again, in milliseconds. */
const recoveryMs = 10_000;

/** As docs/operations.md shares a limit out, in MiB. */
const besideHeapMb = 32;
const supervisorMb = 16;
const freeMb = (limitMb: number): number => Math.max(limitMb * 0.25, 112);

const made = new AsyncDisposableStack();
let image: string;
let network: DatastoreNetwork;
let token: string;
beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  image = await buildProjectImage(engine);
  network = made.use(await startDatastoreNetwork(engine, image));
  token = await mustDocker(engine, ['run', '--rm', ...network.program, image, 'token', '--scope', 'write']);
});
afterAll(() => made.disposeAsync());

interface Detailed {
  readonly application: { readonly pid: number };
  readonly memory: { readonly heapLimit: number; readonly containerLimit: number };
  readonly overload: { readonly refused: Readonly<Record<string, number>> };
}

/** What `detailed` of each worker says: connections are given to them in turn. */
async function eachWorker(service: LimitedService, count: number): Promise<readonly Detailed[]> {
  const seen = new Map<number, Detailed>();
  await waitFor(async () => {
    const body = (await service.get('/health/detailed')).body as Detailed;
    return seen.set(body.application.pid, body).size === count;
  });
  return [...seen.values()];
}

const livesOf = async (service: LimitedService, count: number) =>
  (await servingWorkers(service, count)).map(({ number, pid, restarts }) => ({ number, pid, restarts }));

describe.each([
  { memoryMb: 256, cpus: 0.5, workers: 1 },
  { memoryMb: 256, cpus: 2, workers: 1 },
  { memoryMb: 512, cpus: 0.5, workers: 1 },
  { memoryMb: 512, cpus: 2, workers: 2 },
])('a container with $memoryMb MB and $cpus processors', ({ memoryMb, cpus, workers }) => {
  let service: LimitedService;
  const tell = (what: string): void =>
    void process.stderr.write(`${String(memoryMb)} MB, ${String(cpus)} processors: ${what}\n`);
  beforeAll(async () => {
    const engine = engineOfRun();
    if (engine === undefined) return;
    service = await startLimitedService(engine, { image, place: network.program, memoryMb, cpus });
  });
  afterAll(async () => {
    if (engineOfRun() !== undefined) await service[Symbol.asyncDispose]();
  });

  test(`has as many workers as fit (${String(workers)}), with as large heaps as fit`, async () => {
    await servingWorkers(service, workers);
    const each = await eachWorker(service, workers);
    expect(new Set(each.map(({ memory }) => memory.containerLimit))).toEqual(new Set([memoryMb * mib]));
    const told = `WORKER_PROCESSES=auto starts 1 worker instead of 2: the memory limit is ${String(memoryMb)} MB`;
    const lowered = (await service.messages()).filter((message) => message.startsWith(told));
    expect(lowered).toHaveLength(workers < Math.floor(cpus) ? 1 : 0);
    const heapsMb = each.map(({ memory }) => memory.heapLimit / mib);
    const forWorkersMb = memoryMb - freeMb(memoryMb) - supervisorMb;
    const takenMb = heapsMb.reduce((sum, heapMb) => sum + heapMb + besideHeapMb, 0);
    expect(takenMb).toBeLessThanOrEqual(forWorkersMb);
    // What the limit gives is used.
    expect(takenMb).toBeGreaterThan(forWorkersMb * 0.9);
  });

  /** Does what may cost the service its workers, and looks that it has not. */
  async function outlive<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = await livesOf(service, workers);
    const result = await work();
    const began = performance.now();
    await waitFor(async () => (await service.get('/health/readiness')).status === 200, {
      timeoutMs: recoveryMs,
      message: 'readiness to be green again',
    });
    tell(`green after ${(performance.now() - began).toFixed(0)} ms`);
    expect(await livesOf(service, workers)).toEqual(before);
    expect(await service.oomKills()).toBe(0);
    return result;
  }

  test('refuses what would take twice its memory, loses no worker, and stores all that it has taken', async () => {
    const symbol = `MEMORY-${String(memoryMb)}-${String(cpus * 1_000)}`;
    await createInstrument(service.url, token, symbol);
    const connections = Math.ceil((2 * memoryMb) / bodyMb);
    const plan = { url: service.url, token, symbol, connections, forMs: loadMs };
    const answers = await outlive(() => postTrades(plan));
    const taken = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 503);
    tell(
      `ready after ${service.readyAfterMs.toFixed(0)} ms, ${String(connections)} connections, ` +
        `${String(taken.length)} taken, ${String(refused.length)} refused`,
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 503]));
    expect(new Set(taken.map(({ body }) => body))).toEqual(new Set(['{"accepted":10000,"rejected":[]}']));
    for (const { number } of taken) {
      await waitFor(async () => (await storedOf(network.influxdbUrl, { symbol, number })) === 10_000, {
        timeoutMs: 60_000,
        message: `the trades of body ${String(number)} to be stored`,
      });
    }
  });

  test('loses no worker over bodies that are made to take more than it has', async () => {
    const statuses = await outlive(async () => {
      const all = new Set<number>();
      for (const make of [...Object.values(hostileBodies), rejectedTrades]) {
        const request = tradesRequest({ url: service.url, token }, make(), 'hostile');
        for (const { status } of await closedLoad(request, hostileLoad)) all.add(status);
      }
      return all;
    });
    for (const status of statuses) expect([202, 400, 413, 503]).toContain(status);
  });
});
