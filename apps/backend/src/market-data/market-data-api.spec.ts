import { type DevServer, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventClient } from './event-client.fixture.js';
import { type DatastoreUrls, startTestApi, type TestApi } from './market-data-api.fixture.js';

let servers: DevServer[];
let urls: DatastoreUrls;
let api: TestApi;
let symbols = 0;

const call: TestApi['call'] = (...request) => api.call(...request);
const get = (path: string) => call('GET', path);
const post = (path: string, body?: unknown) => call('POST', path, body);
const patch = (path: string, body: unknown) => call('PATCH', path, body);

const instrument = (symbol: string) => ({
  symbol,
  name: `The ${symbol}`,
  assetClass: 'equity',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  status: 'active',
});

/** A new instrument, so that the tests share nothing. */
async function listed(): Promise<string> {
  const symbol = `S${String((symbols += 1))}`;
  expect(await post('/instruments', instrument(symbol))).toMatchObject({ status: 201 });
  return symbol;
}

function trade(symbol: string, price: string, more: object = {}): object {
  return { symbol, price, size: '5', timestamp: '2024-01-02T08:00:00Z', tradeId: '1', side: 'buy', ...more };
}

const quote = (symbol: string, price: string) => trade(symbol, price);

const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: { status, code, ...more },
});

beforeAll(async () => {
  servers = await Promise.all([startPostgres(), startRedis(), startInfluxdb()]);
  const [postgres = '', redis = '', influxdb = ''] = servers.map((server) => server.url);
  urls = { postgres, redis, influxdb };
  api = await startTestApi(urls);
});

afterAll(async () => {
  try {
    await api.app.close();
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
});

describe('instruments', () => {
  it('are created, shown and changed', async () => {
    const symbol = await listed();
    const created = instrument(symbol);
    expect(await post('/instruments', created)).toMatchObject(problem(409, 'instrument_exists', { symbol }));
    expect((await get(`/instruments/${symbol}`)).body).toEqual(created);
    const changed = { ...created, name: 'New', tickSize: '0.5' };
    expect(await patch(`/instruments/${symbol}`, { name: 'New', tickSize: '0.50' })).toMatchObject({
      status: 200,
      body: changed,
    });
    expect((await get(`/instruments/${symbol}`)).body).toEqual(changed);
  });

  it('say where they are', async () => {
    const { headers, body } = await post('/instruments?', { ...instrument('WHERE'), status: undefined });
    expect(body).toEqual(instrument('WHERE'));
    const location = new URL(headers.get('location') ?? '', api.url);
    const found = await fetch(location);
    expect(await found.json()).toEqual(instrument('WHERE'));
  });

  it('are listed page by page', async () => {
    const first = await listed();
    const second = await listed();
    const walked: string[] = [];
    let cursor: string | null = '';
    do {
      const page: { instruments: { symbol: string }[]; nextCursor: string | null } = (
        await get(`/instruments?limit=1&status=active${cursor && `&cursor=${cursor}`}`)
      ).body as never;
      walked.push(...page.instruments.map(({ symbol }) => symbol));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(walked).toEqual(expect.arrayContaining([first, second]));
    expect(walked).toEqual([...new Set(walked)].toSorted());
  });

  it.each([
    ['POST', '/instruments'],
    ['PATCH', '/instruments/ACME'],
    ['POST', '/ticks'],
  ])('need a token of scope write for %s %s', async (method, path) => {
    expect(await call(method, path, {}, '')).toMatchObject(problem(401, 'unauthenticated'));
    expect(await call(method, path, {}, api.bearer('read'))).toMatchObject(problem(403, 'forbidden'));
  });

  it.each([
    ['POST', '/instruments', {}, ['symbol', 'name', 'assetClass', 'currency', 'tickSize', 'lotSize']],
    ['PATCH', '/instruments/S1', { tickSize: 0.1, symbol: 'S2' }, ['tickSize', 'symbol']],
    ['PATCH', '/instruments/S1', {}, [undefined]],
    ['GET', '/instruments?limit=x&cursor=', undefined, ['limit', 'cursor']],
    ['GET', '/instruments?cursor=x', undefined, ['cursor']],
    ['GET', '/quotes', undefined, ['symbols']],
    ['GET', '/quotes/stream?symbols=', undefined, ['symbols']],
    ['GET', '/candles/S1?interval=2m&from=x&to=y&limit=0', undefined, ['interval', 'from', 'to', 'limit']],
    ['POST', '/ticks', { trades: [] }, ['ticks', 'trades']],
  ])('and the other calls name the wrong fields of %s %s %j', async (method, path, body, fields) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject(problem(400, 'validation_failed'));
    expect((answer.body as { errors: { field?: string }[] }).errors.map(({ field }) => field)).toEqual(
      fields,
    );
  });

  it.each([
    'GET /instruments/NONE',
    'GET /quotes/none',
    'GET /quotes?symbols=NONE',
    'GET /quotes/stream?symbols=NONE',
    'GET /candles/A%00',
  ])('are asked for in vain by %s', async (request) => {
    const [method = '', path = ''] = request.split(' ');
    expect(await call(method, path)).toMatchObject(problem(404, 'unknown_symbol'));
  });
});

describe('ticks and quotes', () => {
  it('become the latest quote and fix the sizes', async () => {
    const symbol = await listed();
    expect(await get(`/quotes/${symbol}`)).toMatchObject(problem(404, 'no_quote'));
    const bad = trade(symbol, '1.005', { tradeId: '2' });
    expect(await post('/ticks', { ticks: [trade(symbol, '1.5'), bad, trade('NONE', '1')] })).toMatchObject({
      status: 202,
      body: {
        accepted: 1,
        rejected: [
          { index: 1, code: 'off_tick_size' },
          { index: 2, code: 'unknown_symbol' },
        ],
      },
    });
    expect((await get(`/quotes/${symbol}`)).body).toEqual(quote(symbol, '1.50'));
    expect(await patch(`/instruments/${symbol}`, { lotSize: '2' })).toMatchObject(
      problem(409, 'instrument_sizes_fixed', { symbol }),
    );
  });

  it('are rejected while the instrument is halted, from the next request on', async () => {
    const symbol = await listed();
    await post('/ticks', { ticks: [trade(symbol, '1')] });
    await patch(`/instruments/${symbol}`, { status: 'halted' });
    expect(await post('/ticks', { ticks: [trade(symbol, '2')] })).toMatchObject({
      body: { accepted: 0, rejected: [{ code: 'instrument_halted' }] },
    });
  });

  it('are given in the order that was asked for, without instruments that have none', async () => {
    const [one, none, two] = [await listed(), await listed(), await listed()];
    await post('/ticks', { ticks: [trade(one, '1'), trade(two, '2')] });
    expect((await get(`/quotes?symbols=${two},${none},${one},${two}`)).body).toEqual({
      quotes: [quote(two, '2.00'), quote(one, '1.00')],
    });
  });

  it('are streamed, also to a client that comes back', async () => {
    const symbol = await listed();
    const client = await EventClient.connect(`${api.url}/quotes/stream?symbols=${symbol}`);
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await post('/ticks', { ticks: [trade(symbol, '1')] });
    const [first] = await client.events(1);
    expect(first).toEqual({ id: expect.any(String), event: 'quote', data: quote(symbol, '1.00') });
    client.close();
    await post('/ticks', { ticks: [trade(symbol, '2', { tradeId: '2' })] });
    const again = await EventClient.connect(`${api.url}/quotes/stream?symbols=${symbol}`, {
      'last-event-id': String(first?.id),
    });
    expect((await again.events(1)).map(({ data }) => data)).toEqual([
      { ...quote(symbol, '2.00'), tradeId: '2' },
    ]);
    again.close();
  });
});

describe('candles', () => {
  it('are made of trades', async () => {
    const symbol = await listed();
    const later = { tradeId: '2', timestamp: '2024-01-02T08:00:59.5Z' };
    await post('/ticks', { ticks: [trade(symbol, '1'), trade(symbol, '3', later)] });
    const path = `/candles/${symbol}?interval=1m&from=2024-01-02T08:00:00Z&to=2024-01-02T09:00:00Z`;
    const prices = { open: '1.00', high: '3.00', low: '1.00', close: '3.00' };
    const candle = { time: '2024-01-02T08:00:00Z', ...prices, volume: '10', trades: 2, complete: true };
    await expect
      .poll(async () => (await get(path)).body, { timeout: 10_000 })
      .toEqual({ candles: [candle], nextCursor: null });
  });
});

describe('an outage', () => {
  it.each([
    ['postgres', 'GET', '/instruments'],
    ['postgres', 'POST', '/instruments'],
    ['postgres', 'GET', '/candles/S1'],
    ['influxdb', 'GET', '/candles/S1'],
    ['redis', 'GET', '/quotes/S1'],
    ['redis', 'GET', '/quotes/stream?symbols=S1'],
    ['redis', 'POST', '/ticks'],
  ] as const)('of %s is named in the answer to %s %s', async (datastore, method, path) => {
    const { datastores } = api.lifecycle;
    const { facts } = datastores.get(datastore);
    const known = facts === undefined ? {} : { facts };
    datastores.record(datastore, { status: 'down', writable: false, reason: 'refused', ...known });
    try {
      const answer = await call(method, path, method === 'POST' ? {} : undefined);
      expect(answer).toMatchObject(problem(503, 'datastore_unavailable', { datastore, reason: 'refused' }));
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      datastores.record(datastore, { status: 'up', writable: true, ...known });
    }
  });
});

describe('a shutdown', () => {
  it('ends the streams before the connections, and begins no more', async () => {
    const other = await startTestApi(urls);
    try {
      const symbol = await listed();
      const client = await EventClient.connect(`${other.url}/quotes/stream?symbols=${symbol}`);
      const steps = other.lifecycle.shutdown.of('end-streams');
      await Promise.all(steps.map((step) => step.run(AbortSignal.timeout(5_000))));
      await client.ended();
      const refused = await fetch(`${other.url}/quotes/stream?symbols=${symbol}`);
      expect(await refused.json()).toMatchObject({ status: 503, code: 'not_serving' });
    } finally {
      await other.app.close();
    }
  });
});
