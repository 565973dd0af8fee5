import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend, writeToken } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { hostileBodies, rejectedTrades } from '../../support/hostile-bodies.js';
import { closedLoad, type LoadAnswer, type LoadRequest } from '../../support/load.js';
import { probing } from '../../support/probe.js';
import { runApp } from '../../support/programs.js';
import { storedOf, tradeBody } from '../../support/trade-bodies.js';

/** What a worker in a container of 256 MB gets. */
const smallHeap = '--max-old-space-size=84 --max-semi-space-size=4';
const symbol = 'EUR-USD';
/** REQUEST_TIMEOUT of development, in milliseconds. */
const requestTimeoutMs = 8_000;
/** How soon readiness must be green again, in milliseconds. */
const recoveryMs = 10_000;

let datastores: Datastores;
let token: string;
let backend: Backend;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
  token = await writeToken();
});
afterAll(() => datastores[Symbol.asyncDispose]());
afterEach(() => backend[Symbol.asyncDispose]());

async function start(nodeOptions: string): Promise<void> {
  const env = { ...datastores.env, NODE_OPTIONS: nodeOptions, LOG_LEVEL: 'info', WORKER_PROCESSES: '1' };
  backend = await startBackend(env, { token });
  await backend.ready();
}

const post = (body: Buffer, id = 'any'): LoadRequest => ({
  url: `${backend.url}/api/v1/ticks`,
  method: 'POST',
  headers: {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-request-id': id,
  },
  body,
});

/** Sends 10,000 trades after 10,000 trades; returns the answers by the body's number. */
async function postTrades(connections: number, forMs: number): Promise<ReadonlyMap<number, LoadAnswer>> {
  let number = 0;
  const answers = await closedLoad(
    () => {
      number += 1;
      return post(tradeBody({ symbol, number }), `body-${String(number)}`);
    },
    { connections, forMs },
  );
  return new Map(answers.map((answer) => [Number(String(answer.headers['x-request-id']).slice(5)), answer]));
}

/** What is seen of the service from outside, and from `detailed`, while it is sent what it has no memory for. */
async function outlive<Result>(work: () => Promise<Result>): Promise<Result> {
  const urls = [`${backend.url}/api/v1/health/liveness`, `${backend.managementUrl}/readyz`];
  const probes = urls.map((url) => probing(url, 5));
  const result = await work().finally(() => {
    for (const each of probes) each[Symbol.dispose]();
  });
  await waitFor(async () => (await backend.get('/health/readiness')).status === 200, {
    timeoutMs: recoveryMs,
    message: 'readiness to be green again',
  });
  expect(probes.map(({ unanswered }) => unanswered)).toEqual([0, 0]);
  expect(new Set(probes[0]?.answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await detailed()).application.pid).toBe(backend.process.pid);
  await waitFor(async () => (await detailed()).overload.bodies.heldBytes === 0);
  return result;
}

interface Detailed {
  readonly application: { readonly pid: number };
  readonly overload: {
    readonly refused: Readonly<Record<string, number>>;
    readonly bodies: { readonly heldBytes: number; readonly limitBytes: number };
  };
}
const detailed = async (): Promise<Detailed> => (await backend.get('/health/detailed')).body as Detailed;

/** Each answer is one of the service's own; returns the statuses. */
function statusesOf(answers: readonly LoadAnswer[]): ReadonlySet<number> {
  for (const { status, headers, body } of answers.filter((answer) => answer.status !== 202)) {
    const problem = { status, code: expect.any(String), requestId: headers['x-request-id'] };
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(body)).toMatchObject(problem);
    expect(headers['retry-after'] === undefined).toBe(status !== 503);
  }
  return new Set(answers.map(({ status }) => status));
}

const waitForStored = (number: number): Promise<unknown> =>
  waitFor(async () => (await storedOf(datastores.influxdb.url, { symbol, number })) === 10_000, {
    timeoutMs: 90_000,
    message: `the trades of body ${String(number)} to be stored`,
  });

describe('a service with a small heap', { timeout: 180_000 }, () => {
  it('refuses the bodies that it has no memory for, and stores the trades of the others', async () => {
    await start(smallHeap);
    const answers = await outlive(() => postTrades(8, 4_000));
    expect(statusesOf([...answers.values()])).toEqual(new Set([202, 503]));
    const taken = [...answers].filter(([, { status }]) => status === 202);
    expect(new Set(taken.map(([, { body }]) => body))).toEqual(new Set(['{"accepted":10000,"rejected":[]}']));
    for (const [number] of taken) await waitForStored(number);
    const { refused } = (await detailed()).overload;
    expect(refused['request_bodies']).toBeGreaterThan(0);
  });

  it('serves a body of BODY_LIMIT when it has nothing else to do', async () => {
    await start(smallHeap);
    const body = tradeBody({ symbol, number: 100_000, padding: 290 });
    expect(body.length / 2 ** 20).toBeGreaterThan(3.8);
    const [answer] = await closedLoad(post(body), { connections: 1, forMs: 1 });
    expect([answer?.status, answer?.body]).toEqual([202, '{"accepted":10000,"rejected":[]}']);
  });

  it('outlives bodies that are made to take more than it has', async () => {
    await start(smallHeap);
    const answers = await outlive(async () => {
      const all: LoadAnswer[] = [];
      for (const make of Object.values(hostileBodies)) {
        all.push(...(await closedLoad(post(make()), { connections: 3, forMs: 300 })));
      }
      all.push(...(await closedLoad(post(rejectedTrades()), { connections: 12, forMs: 1_000 })));
      return all;
    });
    const statuses = statusesOf(answers);
    expect(statuses).toContain(503);
    for (const status of statuses) expect([202, 400, 413, 503]).toContain(status);
  });

  it('serves others while many send large bodies slowly, or letter by letter', async () => {
    await start(smallHeap);
    const header = (length: string): string =>
      `POST /api/v1/ticks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
    const sockets: Socket[] = [];
    const open = async (text: string): Promise<void> => {
      const socket = connect(Number(new URL(backend.url).port), '127.0.0.1').resume();
      sockets.push(socket.on('error', () => undefined));
      await once(socket, 'connect');
      socket.write(text);
    };
    await outlive(async () => {
      for (let count = 0; count < 40; count += 1) {
        await open(header('content-length: 4000000') + 'x'.repeat(1_000));
        await open(header('transfer-encoding: chunked') + '1\r\nx\r\n'.repeat(20_000));
      }
      const began = performance.now();
      await waitFor(
        async () => {
          const [answer] = await closedLoad(post(tradeBody({ symbol, number: 200_000, trades: 100 })), {
            connections: 1,
            forMs: 1,
          });
          return answer?.status === 202;
        },
        { timeoutMs: requestTimeoutMs, message: 'a body to be served beside slow ones' },
      );
      expect(performance.now() - began).toBeLessThan(requestTimeoutMs);
      for (const socket of sockets) socket.destroy();
    });
  });
});

describe('a service with memory', () => {
  it('refuses no body', async () => {
    await start('');
    let number = 300_000;
    await closedLoad(
      () => {
        number += 1;
        return post(tradeBody({ symbol, number, trades: 1_000 }));
      },
      { connections: 8, forMs: 1_500 },
    );
    expect((await detailed()).overload.refused['request_bodies']).toBeUndefined();
  });
});
