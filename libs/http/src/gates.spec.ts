import { afterEach, describe, expect, it } from 'vitest';
import { securityHeaders } from './security-headers.js';
import { startTestApi, type TestApi, type TestApiOptions } from './http.fixture.js';

let api: TestApi | undefined;
async function start(options: TestApiOptions = {}): Promise<TestApi> {
  api = await startTestApi(options);
  return api;
}
afterEach(() => api?.app.close());

describe('the gate before serving', () => {
  it('answers business routes with 503 while the service starts, and health as ever', async () => {
    const { app } = await start({ starting: true });
    const business = await app.inject('/api/v1/things/a');
    const health = await app.inject('/api/v1/health/readiness/');

    expect([business.statusCode, business.headers['retry-after'], business.json<unknown>()]).toEqual([
      503,
      '2',
      expect.objectContaining({ code: 'not_serving', detail: expect.stringContaining('starting') }),
    ]);
    expect(health.statusCode).toBe(200);
  });

  it('does not say what exists while it starts', async () => {
    const { app } = await start({ starting: true });
    expect((await app.inject('/api/v1/nothing')).statusCode).toBe(503);
  });

  it('does not read the body of a request that it refuses', async () => {
    const { app } = await start({ starting: true });
    const answer = await app.inject({ method: 'POST', url: '/api/v1/echo', payload: '{"a":' });
    expect(answer.statusCode).toBe(503);
  });

  it('lets requests pass while the service serves, is overloaded and drains', async () => {
    const { app, lifecycle } = await start();
    const statuses: number[] = [];
    for (const phase of ['serving', 'overloaded', 'draining'] as const) {
      lifecycle.application.enter(phase, 'test');
      statuses.push((await app.inject('/api/v1/things/a')).statusCode);
    }
    expect(statuses).toEqual([200, 200, 200]);
  });
});

describe('the gate under overload', () => {
  /** Something of which nothing is left. */
  const usedUp = { name: 'disk', read: () => 1 };

  async function overloaded(options: TestApiOptions = {}): Promise<TestApi> {
    const made = await start(options);
    made.lifecycle.overload.register(usedUp);
    made.lifecycle.overload.sample({ delayMs: 0, spanMs: 20, busyMs: 0 });
    return made;
  }

  it('answers business routes with 503 and when to come again, and health as ever', async () => {
    const { app, lifecycle } = await overloaded();
    const business = await app.inject({ url: '/api/v1/things/a?key=1', headers: { 'x-request-id': 'id-9' } });
    const health = await app.inject('/api/v1/health/readiness/');

    expect([business.statusCode, health.statusCode]).toEqual([503, 200]);
    expect(business.headers).toMatchObject({
      ...securityHeaders,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'retry-after': expect.stringMatching(/^[1-5]$/),
      'x-request-id': 'id-9',
    });
    expect(business.json()).toEqual({
      type: '/api/docs/errors#overloaded',
      title: 'The service is overloaded',
      status: 503,
      detail: expect.stringMatching(/^The service has more work than it can do now\. Send the request again/),
      code: 'overloaded',
      instance: '/api/v1/things/a',
      requestId: 'id-9',
    });
    expect(lifecycle.overload.report).toMatchObject({ admitted: 0, refused: { disk: 1 } });
  });

  it('does not read the body of a request that it refuses', async () => {
    const { app } = await overloaded();
    const answer = await app.inject({ method: 'POST', url: '/api/v1/echo', payload: '{"a":' });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'overloaded']);
  });

  it('keeps a path as it came in the answer, whatever is in it', async () => {
    const { app } = await overloaded();
    const answer = await app.inject('/api/v1/things/"%22\\');
    expect(answer.json()).toMatchObject({ instance: expect.stringContaining('/api/v1/things/') });
  });

  it('lets requests without a body pass longer than those with one', async () => {
    const { app, lifecycle } = await start();
    lifecycle.overload.register({ name: 'disk', read: () => 0.85 });
    lifecycle.overload.sample({ delayMs: 0, spanMs: 20, busyMs: 0 });
    const answers = await Promise.all([
      app.inject('/api/v1/things/a'),
      app.inject({ method: 'POST', url: '/api/v1/echo', payload: {} }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 503]);
  });

  it('also shows its answer to the origins that are listed', async () => {
    const { app } = await overloaded({ security: { corsOrigins: ['https://desk.example'] } });
    const answer = await app.inject({ url: '/api/v1/things/a', headers: { origin: 'https://desk.example' } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([
      503,
      'https://desk.example',
    ]);
  });
});

describe('DatastoreGuard', () => {
  it('lets a route pass while what it needs is up or degraded', async () => {
    const { app, lifecycle } = await start();
    lifecycle.datastores.record('postgres', { status: 'up', writable: true });
    lifecycle.datastores.record('influxdb', { status: 'degraded', writable: true, reason: 'timeout' });
    lifecycle.datastores.record('redis', { status: 'up', writable: true });

    const reads = await app.inject('/api/v1/reads');
    const writes = await app.inject({ method: 'POST', url: '/api/v1/writes' });
    expect([reads.statusCode, writes.statusCode]).toEqual([200, 201]);
  });

  it('answers 503 and names the datastore that is down', async () => {
    const { app, lifecycle } = await start();
    lifecycle.datastores.record('postgres', { status: 'up', writable: true });
    lifecycle.datastores.record('influxdb', { status: 'down', writable: false, reason: 'refused' });

    const answer = await app.inject('/api/v1/reads');
    expect([answer.statusCode, answer.headers['retry-after'], answer.json<unknown>()]).toEqual([
      503,
      '5',
      expect.objectContaining({ code: 'datastore_unavailable', datastore: 'influxdb', reason: 'refused' }),
    ]);
  });

  it('answers 503 to a write while the datastore is read-only', async () => {
    const { app, lifecycle } = await start();
    lifecycle.datastores.record('redis', { status: 'degraded', writable: false, reason: 'out_of_memory' });

    const answer = await app.inject({ method: 'POST', url: '/api/v1/writes' });
    expect([answer.statusCode, answer.json<unknown>()]).toEqual([
      503,
      expect.objectContaining({ code: 'datastore_unavailable', datastore: 'redis', reason: 'out_of_memory' }),
    ]);
  });
});

describe('CORS', () => {
  const preflight = {
    method: 'OPTIONS',
    url: '/api/v1/things',
    headers: { origin: 'https://desk.example', 'access-control-request-method': 'PATCH' },
  } as const;

  it('is closed by default', async () => {
    const { app } = await start();
    const answer = await app.inject(preflight);
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([405, undefined]);
  });

  it('is open for the origins that are listed', async () => {
    const { app } = await start({ security: { corsOrigins: ['https://desk.example'] } });
    const answers = await Promise.all([
      app.inject(preflight),
      app.inject({ url: '/api/v1/things/a', headers: { origin: 'https://desk.example' } }),
      app.inject({ url: '/api/v1/things/a', headers: { origin: 'https://evil.example' } }),
    ]);
    expect(
      answers.map((answer) => [answer.statusCode, answer.headers['access-control-allow-origin']]),
    ).toEqual([
      [204, 'https://desk.example'],
      [200, 'https://desk.example'],
      [200, undefined],
    ]);
    expect(answers[0].headers['access-control-allow-methods']).toContain('PATCH');
    expect(answers[1].headers['access-control-expose-headers']).toContain('X-Request-Id');
  });

  it('also shows problems to the origins that are listed', async () => {
    const { app } = await start({ security: { corsOrigins: ['https://desk.example'] }, starting: true });
    const answer = await app.inject({ url: '/api/v1/things/a', headers: { origin: 'https://desk.example' } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([
      503,
      'https://desk.example',
    ]);
  });
});

describe('TRUST_PROXY', () => {
  it.each<[number | readonly string[] | undefined, string]>([
    [undefined, '127.0.0.1'],
    [1, '10.0.0.2'],
    [2, '10.0.0.1'],
    [['127.0.0.0/8', '10.0.0.2/32'], '10.0.0.1'],
    [['192.168.0.0/16'], '127.0.0.1'],
  ])('%j finds the address of the client', async (trustProxy, address) => {
    const { app } = await start({ security: { trustProxy } });
    const answer = await app.inject({
      url: '/api/v1/address',
      headers: { 'x-forwarded-for': '203.0.113.9, 10.0.0.1, 10.0.0.2' },
    });
    expect(answer.json()).toEqual({ address });
  });
});
