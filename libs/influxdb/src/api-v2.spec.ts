import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DevServer, startVictoriaMetrics } from '@app/dev-services';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { InfluxWriteError } from './errors.js';
import { clientOf as anyClientOf } from './influxdb.fixture.js';
import type { InfluxClientOptions } from './options.js';

const clientOf = (url: string, options: Partial<InfluxClientOptions> = {}) =>
  anyClientOf(url, { api: 'v2', database: 'trading', ...options });

describe('API v2 against VictoriaMetrics', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startVictoriaMetrics();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('stores lines that the server gives back', async () => {
    const client = clientOf(server.url);
    const from = Date.UTC(2026, 0, 1);
    const lines = Array.from({ length: 2_000 }, (_, i) => `trades,symbol=EUR-USD p=${i}i ${from + i}000000`);

    await client.write(lines);

    // Rows become visible seconds later, or when they are flushed.
    await fetch(`${server.url}/internal/force_flush`);
    const answer = await fetch(`${server.url}/api/v1/export?match[]=trades_p`);
    const exported: unknown = JSON.parse(await answer.text());
    expect(exported).toEqual({
      metric: { __name__: 'trades_p', symbol: 'EUR-USD' },
      values: lines.map((_, i) => i),
      timestamps: lines.map((_, i) => from + i),
    });
  });

  it('is up for a check, and has no buckets that could be created', async () => {
    const client = clientOf(server.url);

    expect(await client.ping(AbortSignal.timeout(5_000))).toEqual({ facts: { api: 'v2' } });
    expect(await client.ensureDatabase()).toBe(false);
  });
});

interface Recorded {
  readonly call: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

interface Script {
  readonly status: number;
  readonly body?: unknown;
}

/** Stands in for InfluxDB 2, of which no server can be had here, with answers as its reference documents them. */
async function startStandIn(
  script: Readonly<Record<string, Script>>,
): Promise<{ url: string; calls: Recorded[] }> {
  const calls: Recorded[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const call = `${request.method} ${request.url}`;
      const json = request.headers['content-type'] === 'application/json';
      const body: unknown = json && text !== '' ? JSON.parse(text) : text;
      calls.push({ call, authorization: request.headers.authorization, body });
      const { status, body: answer } = script[call] ?? { status: 404 };
      response.writeHead(status, { 'content-type': 'application/json', 'x-influxdb-version': 'v2.7.1' });
      response.end(answer === undefined ? undefined : JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

const credentials = { org: 'desk', token: 'the-token' };
const findBucket = 'GET /api/v2/buckets?org=desk&name=trading';
const checkBucket = 'GET /api/v2/buckets?org=desk&name=trading&limit=1';
const findOrg = 'GET /api/v2/orgs?org=desk';
const createBucket = 'POST /api/v2/buckets';
const findMapping = 'GET /api/v2/dbrps?org=desk&orgID=o1&db=trading';
const createMapping = 'POST /api/v2/dbrps';
const write = 'POST /api/v2/write?org=desk&bucket=trading&precision=ns';
const bucket = { id: 'b1', orgID: 'o1' };
const notFound = { status: 404, body: { code: 'not found', message: 'bucket "trading" not found' } };

describe('API v2 against a stand-in for InfluxDB 2', () => {
  it('is found by asking, creates bucket and mapping, and writes with the token', async () => {
    const { url, calls } = await startStandIn({
      'GET /ping': { status: 204 },
      [findBucket]: notFound,
      [findOrg]: { status: 200, body: { orgs: [{ id: 'o1' }] } },
      [createBucket]: { status: 201, body: bucket },
      [findMapping]: { status: 200, body: { content: [] } },
      [createMapping]: { status: 201, body: {} },
      [write]: { status: 204 },
    });
    const client = clientOf(url, { api: 'auto', ...credentials });

    await client.write(['m v=1i 1', 'm v=2i 2']);
    await client.write(['m v=3i 3']);

    const sent = (call: string, body: unknown = ''): Recorded => ({
      call,
      authorization: 'Token the-token',
      body,
    });
    const mapping = {
      orgID: 'o1',
      bucketID: 'b1',
      database: 'trading',
      retention_policy: 'autogen',
      default: true,
    };
    expect(calls).toEqual([
      sent('GET /ping'),
      sent(findBucket),
      sent(findOrg),
      sent(createBucket, { orgID: 'o1', name: 'trading', retentionRules: [] }),
      sent(findMapping),
      sent(createMapping, mapping),
      sent(write, 'm v=1i 1\nm v=2i 2'),
      sent(write, 'm v=3i 3'),
    ]);
  });

  it('leaves a bucket and a mapping that are there alone', async () => {
    const { url, calls } = await startStandIn({
      [findBucket]: { status: 200, body: { buckets: [bucket] } },
      [findMapping]: { status: 200, body: { content: [{ database: 'trading', virtual: true }] } },
    });

    expect(await clientOf(url, credentials).ensureDatabase()).toBe(true);
    expect(calls.map(({ call }) => call)).toEqual([findBucket, findMapping]);
  });

  it('cannot create a bucket with a token that may not, and then says what is missing', async () => {
    const { url } = await startStandIn({
      [findBucket]: { status: 200, body: { buckets: [] } },
      [checkBucket]: { status: 200, body: { buckets: [] } },
      [findOrg]: { status: 200, body: { orgs: [{ id: 'o1' }] } },
      [createBucket]: { status: 403, body: { code: 'forbidden', message: 'insufficient permissions' } },
      [write]: notFound,
    });
    const client = clientOf(url, credentials);

    expect(await client.ensureDatabase()).toBe(false);
    await expect(client.write(['m v=1i 1'])).rejects.toMatchObject({ reason: 'missing_database' });
    await expect(client.ping(AbortSignal.timeout(5_000))).rejects.toMatchObject({
      reason: 'missing_database',
    });
  });

  it('takes the bucket of another process that was faster', async () => {
    const script: Record<string, Script> = {
      [findBucket]: notFound,
      [findOrg]: { status: 200, body: { orgs: [{ id: 'o1' }] } },
      [createBucket]: {
        status: 422,
        body: { code: 'conflict', message: 'bucket with name trading already exists' },
      },
      [findMapping]: { status: 200, body: { content: [{}] } },
    };
    const { url, calls } = await startStandIn(script);
    const client = clientOf(url, credentials);

    expect(await client.ensureDatabase()).toBe(false);
    script[findBucket] = { status: 200, body: { buckets: [bucket] } };
    calls.length = 0;
    expect(await client.ensureDatabase()).toBe(true);
  });

  it('reports version and bucket, and a token that is wrong', async () => {
    const { url } = await startStandIn({ [checkBucket]: { status: 200, body: { buckets: [bucket] } } });
    const signal = AbortSignal.timeout(5_000);
    expect(await clientOf(url, credentials).ping(signal)).toEqual({
      version: '2.7.1',
      facts: { api: 'v2', databaseThere: true },
    });

    const refusing = await startStandIn({
      [checkBucket]: { status: 401, body: { code: 'unauthorized', message: 'unauthorized access' } },
    });
    await expect(clientOf(refusing.url, credentials).ping(signal)).rejects.toMatchObject({
      reason: 'authentication',
    });
  });

  it.each([
    ['400, as InfluxDB 2', 400, false],
    ['422, as InfluxDB 2', 422, false],
    ['201, as InfluxDB 3 does when it has stored the other lines', 201, true],
  ])('says that lines were refused by %s', async (_name, status, partial) => {
    const message = 'unable to parse points';
    const { url } = await startStandIn({
      [findBucket]: { status: 200, body: { buckets: [bucket] } },
      [findMapping]: { status: 200, body: { content: [{}] } },
      [write]: { status, body: { code: 'invalid', message } },
    });

    const error: unknown = await clientOf(url, credentials)
      .write(['m v=1i 1'])
      .catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(InfluxWriteError);
    expect(error).toMatchObject({ partial, serverMessage: message });
  });
});
