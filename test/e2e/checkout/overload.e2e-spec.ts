import { type RunningProcess, runProcess, waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { closedLoad, type LoadAnswer, type LoadRequest, openLoad, percentile } from '../../support/load.js';
import { root, runApp, secretKey } from '../../support/programs.js';

let datastores: Datastores;
let service: RunningProcess;
let url: string;
let management: string;

beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());
afterEach(() => service[Symbol.asyncDispose]());

async function start(nodeOptions = ''): Promise<void> {
  service = await runProcess(process.execPath, ['test/support/costly-service.fixture.ts'], {
    cwd: root,
    env: {
      ...datastores.env,
      NODE_ENV: 'development',
      NODE_OPTIONS: nodeOptions,
      SECRET_KEY: secretKey,
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      INIT_WAIT: 'none',
      PORT: '0',
      MANAGEMENT_PORT: '0',
    },
  });
  const [, api = '', other = ''] = await service.waitForOutput(/"api":"([^"]+)","management":"([^"]+)"/);
  url = `${api}/api/v1`;
  management = other;
  await waitFor(async () => (await fetch(`${url}/health/readiness`)).ok, { timeoutMs: 20_000 });
}

interface Detailed {
  readonly overload: {
    readonly pressure: { readonly heap: number };
    readonly refused: Readonly<Record<string, number>>;
  };
  readonly transitions: { readonly application: readonly { readonly to: string }[] };
}

const detailed = async (): Promise<Detailed> =>
  (await (await fetch(`${url}/health/detailed`)).json()) as Detailed;
const count = (answers: readonly LoadAnswer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

const linesWith = (text: string): string[] =>
  service.stdout.split('\n').filter((line) => line.includes(text));

const post = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{}'),
} as const;

/** Asks all probes in turn, each over a connection of its own as a kubelet does, until the work is done. */
async function probing<Result>(work: Promise<Result>): Promise<readonly [Result, ReadonlySet<number>]> {
  const urls = [
    ...['health', 'health/liveness', 'health/readiness', 'health/startup'].map((path) => `${url}/${path}`),
    ...['livez', 'readyz', 'startupz'].map((path) => `${management}/${path}`),
  ];
  const statuses = new Set<number>();
  const end = new AbortController();
  const probes = (async () => {
    while (!end.signal.aborted) {
      for (const url of urls) statuses.add((await fetch(url, { headers: { connection: 'close' } })).status);
    }
  })();
  const result = await work.finally(() => end.abort());
  await probes;
  return [result, statuses];
}

describe('under more load than it can bear', () => {
  it.each([2, 4])('at %d times its capacity it serves what it can, and refuses the rest', async (times) => {
    await start();
    const work: LoadRequest = { ...post, url: `${url}/burn` };
    await closedLoad(work, { connections: 8, forMs: 1_000 });
    const alone = await closedLoad(work, { connections: 8, forMs: 2_000 });
    const capacity = alone.filter(({ status }) => status === 201).length / 2;

    expect(capacity).toBeGreaterThan(0);
    const forMs = 8_000;
    const settledMs = 2_000;
    const [all, probes] = await probing(openLoad(work, { perSecond: capacity * times, forMs }));
    const settled = all.filter(({ sentAt }) => sentAt > settledMs);
    const served = settled.filter(({ status }) => status === 201).map(({ tookMs }) => tookMs);
    const refused = settled.filter(({ status }) => status === 503);

    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201, 503]));
    expect(probes).toEqual(new Set([200]));
    // The client takes its part of the processors too, so it is less than all.
    expect(served.length / ((forMs - settledMs) / 1_000)).toBeGreaterThan(capacity / 3);
    expect(percentile(served, 0.99)).toBeLessThan(2_000);
    expect(
      percentile(
        refused.map(({ tookMs }) => tookMs),
        0.5,
      ),
    ).toBeLessThan(500);
    const [first] = refused;
    expect(first?.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'retry-after': expect.stringMatching(/^[1-5]$/),
    });
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      code: 'overloaded',
      status: 503,
      instance: '/api/v1/burn',
      requestId: first?.headers['x-request-id'],
    });

    const { overload, transitions } = await detailed();
    const inAll = all.filter(({ status }) => status === 503).length;
    expect(overload.refused['event_loop_delay']).toBeGreaterThanOrEqual(inAll);
    expect(transitions.application.map(({ to }) => to)).toEqual(['serving']);
    // The log tells of it when it begins and when it is over, and not of each request.
    await waitFor(() => linesWith('overload over').length > 0);
    expect(linesWith('"status":503')).toEqual([]);
    expect(linesWith('requests are being refused').length).toBe(linesWith('overload over').length);
  });

  it('serves all that it can bear, however busy', async () => {
    await start();
    const work: LoadRequest = { ...post, url: `${url}/burn` };
    await closedLoad(work, { connections: 2, forMs: 1_000 });
    const all = await closedLoad(work, { connections: 2, forMs: 3_000 });
    expect(all.filter(({ status }) => status !== 201).length / all.length).toBeLessThan(0.05);
  });
});

describe('a service whose requests want more heap than there is', () => {
  it('refuses some of them, goes on with the others, and lives', { timeout: 60_000 }, async () => {
    await start('--max-old-space-size=128');
    const hoard: LoadRequest = { ...post, url: `${url}/hoard` };
    // 20 a second that keep 4 MiB for 4 seconds are 320 MiB at a time, of 128.
    const load = openLoad(hoard, { perSecond: 20, forMs: 15_000 });
    const readiness: number[] = [];
    await waitFor(
      async () => {
        readiness.push((await fetch(`${url}/health/readiness`)).status);
        const { heap = 0, request_bodies: bodies = 0 } = (await detailed()).overload.refused;
        return heap + bodies > 50;
      },
      { timeoutMs: 15_000, message: '50 refusals for want of heap' },
    );
    const answers = await load;
    expect(new Set(readiness)).toEqual(new Set([200]));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 503]));
    // A live heap of 0.8 of 128 MiB holds some 20 such requests at a time: at best 75 in 15 s.
    expect(count(answers, 201)).toBeGreaterThan(25);
    const refused = answers.find(({ status }) => status === 503);
    expect(JSON.parse(refused?.body ?? '')).toMatchObject({ code: 'overloaded', instance: '/api/v1/hoard' });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);

    // The pressure is gone once the heap is, also when nobody asks for anything.
    await waitFor(async () => (await detailed()).overload.pressure.heap < 0.6, { timeoutMs: 30_000 });
    // The heap is looked at again at the latest when a body finds no room in it.
    const again = await closedLoad(hoard, { connections: 1, forMs: 2_000 });
    expect(again.at(-1)?.status).toBe(201);
  });
});
