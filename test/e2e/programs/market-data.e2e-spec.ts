import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend, writeToken } from '../../support/backend.js';
import { csvOf, makeTrades, type ModelCandle, modelCandles } from '../../support/candle-model.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { type ProgramResult, runApp } from '../../support/programs.js';

const hourMs = 3_600_000;
const startMs = Date.parse('2024-02-28T22:00:00Z');

let datastores: Datastores;
let backend: Backend;

beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
  backend = await startBackend(datastores.env);
  await backend.ready();
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await datastores[Symbol.asyncDispose]();
});

/** Each test has an instrument of its own. */
async function instrument(symbol: string, changes: object = {}): Promise<string> {
  const { status } = await backend.send('POST', '/instruments', {
    symbol,
    name: symbol,
    assetClass: 'fx',
    currency: 'USD',
    tickSize: '0.00001',
    lotSize: '1',
    ...changes,
  });
  expect(status).toBe(201);
  return symbol;
}

interface CandleAnswer {
  readonly candles: readonly (ModelCandle & { readonly complete: boolean })[];
  readonly nextCursor: string | null;
}

/** Walks all pages, as a consumer would. */
async function candles(symbol: string, query: Record<string, string>): Promise<ModelCandle[]> {
  const found: ModelCandle[] = [];
  let cursor: string | null = null;
  do {
    const search = new URLSearchParams({ ...query, ...(cursor === null ? {} : { cursor }) });
    const { status, body } = await backend.get(`/candles/${symbol}?${search.toString()}`);
    expect(status).toBe(200);
    const page = body as CandleAnswer;
    found.push(...page.candles.map(({ complete, ...candle }) => (expect(complete).toBe(true), candle)));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

async function importFile(content: string, args: readonly string[] = []): Promise<ProgramResult> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'trades.csv');
  await writeFile(file, content);
  return await runApp('cli', {}, [
    'import-ticks',
    file,
    '--url',
    backend.url,
    '--token',
    await writeToken(),
    ...args,
  ]);
}

const range = { from: '2024-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z' };

async function tradesCounted(symbol: string): Promise<number> {
  const days = await candles(symbol, { ...range, interval: '1d' });
  return days.reduce((sum, day) => sum + day.trades, 0);
}

describe('the way of a trade', () => {
  it('from a CSV file to candles is exact, and a second import changes nothing', async () => {
    const symbol = await instrument('E2E-IMPORT');
    const trades = makeTrades(3_000, startMs, 600);
    const csv = csvOf(trades, symbol);

    const first = await importFile(csv);
    expect(first.code).toBe(0);
    await waitFor(async () => (await tradesCounted(symbol)) === trades.length, { timeoutMs: 30_000 });
    const hours = await candles(symbol, { ...range, interval: '1h', limit: '100' });
    expect(hours).toEqual(modelCandles(trades, hourMs));

    const second = await importFile(csv);
    expect(second.code).toBe(0);
    // A trade that is sent later is written later: once it counts, the second import is in as well.
    const marker = { symbol, price: '1.07', size: '1', timestamp: '2024-12-31T00:00:00Z', tradeId: 'marker' };
    await backend.send('POST', '/ticks', { ticks: [marker] });
    await waitFor(async () =>
      (await candles(symbol, { ...range, interval: '1d' })).some(({ time }) => time.startsWith('2024-12-31')),
    );
    expect(await tradesCounted(symbol)).toBe(trades.length + 1);
    expect(await candles(symbol, { ...range, to: '2024-12-01T00:00:00Z', interval: '1h' })).toEqual(hours);
  });

  it('leads to the same candles whatever the interval', async () => {
    const symbol = await instrument('E2E-INTERVALS');
    const trades = makeTrades(400, startMs, 90);
    const ticks = trades.map(({ ms, id, ticks: price, lots }) => ({
      symbol,
      price: (price / 100_000).toFixed(5),
      size: lots,
      timestamp: new Date(ms).toISOString(),
      tradeId: String(id),
    }));
    await backend.send('POST', '/ticks', { ticks: ticks.toReversed() });
    await waitFor(async () => (await tradesCounted(symbol)) === trades.length);
    const seconds = {
      '1s': 1,
      '5s': 5,
      '15s': 15,
      '30s': 30,
      '1m': 60,
      '5m': 300,
      '15m': 900,
      '30m': 1_800,
      '1h': 3_600,
      '4h': 14_400,
      '1d': 86_400,
    };
    for (const [interval, length] of Object.entries(seconds)) {
      expect(await candles(symbol, { ...range, interval })).toEqual(modelCandles(trades, length * 1_000));
    }
  });

  it('counts different trades of one moment, and the same trade once', async () => {
    const symbol = await instrument('E2E-TIES');
    const timestamp = '2024-03-01T12:00:00Z';
    const tick = (tradeId: string, price: string): object => ({
      symbol,
      price,
      size: '1',
      timestamp,
      tradeId,
    });
    const batch = { ticks: [tick('10', '1.3'), tick('9', '1.1'), tick('11', '1.2')] };
    await backend.send('POST', '/ticks', batch);
    await backend.send('POST', '/ticks', batch);
    await waitFor(async () => (await tradesCounted(symbol)) === 3);
    const [candle] = await candles(symbol, { ...range, interval: '1m' });
    expect(candle).toEqual({
      time: timestamp,
      open: '1.10000',
      high: '1.30000',
      low: '1.10000',
      close: '1.20000',
      volume: '3',
      trades: 3,
    });
  });

  it('adds volumes up exactly', async () => {
    const symbol = await instrument('E2E-EXACT', { tickSize: '0.000000000000000001', lotSize: '0.1' });
    const ticks = ['0.1', '0.2', '0.3'].map((size, index) => ({
      symbol,
      price: '0.100000000000000001',
      size,
      timestamp: `2024-03-01T12:00:0${String(index)}Z`,
      tradeId: String(index),
    }));
    await backend.send('POST', '/ticks', { ticks });
    await waitFor(async () => (await tradesCounted(symbol)) === 3);
    expect(await candles(symbol, { ...range, interval: '1m' })).toMatchObject([
      { volume: '0.6', high: '0.100000000000000001' },
    ]);
  });
});

describe('quotes', () => {
  it('show the latest trade, whatever comes late', async () => {
    const symbol = await instrument('E2E-QUOTE');
    const tick = (timestamp: string, price: string): object => ({
      symbol,
      price,
      size: '2',
      timestamp,
      tradeId: timestamp,
      side: 'buy',
    });
    await backend.send('POST', '/ticks', { ticks: [tick('2024-03-01T12:00:01Z', '1.2')] });
    await backend.send('POST', '/ticks', { ticks: [tick('2024-03-01T12:00:00Z', '1.1')] });
    const quote = {
      symbol,
      price: '1.20000',
      size: '2',
      timestamp: '2024-03-01T12:00:01Z',
      tradeId: '2024-03-01T12:00:01Z',
      side: 'buy',
    };
    expect((await backend.get(`/quotes/${symbol}`)).body).toEqual(quote);
    expect((await backend.get(`/quotes?symbols=${symbol}`)).body).toEqual({ quotes: [quote] });
  });

  it('come as server-sent events, and after a reconnect first what was missed', async () => {
    const symbol = await instrument('E2E-STREAM');
    const send = (price: string): Promise<unknown> =>
      backend.send('POST', '/ticks', { ticks: [{ symbol, price, size: 1 }] });
    const open = async (
      headers: Record<string, string> = {},
    ): Promise<{ next(): Promise<string>; close(): Promise<void> }> => {
      const response = await fetch(`${backend.url}/api/v1/quotes/stream?symbols=${symbol}`, { headers });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      return {
        next: async () => {
          for (;;) {
            const end = text.indexOf('\n\n');
            if (end >= 0) {
              const event = text.slice(0, end);
              text = text.slice(end + 2);
              if (event.includes('data:')) return event;
              continue;
            }
            const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
            if (done) throw new Error('The stream has ended.');
            text += value;
          }
        },
        close: async () => reader?.cancel(),
      };
    };
    const first = await open();
    await send('1.1');
    const event = await first.next();
    expect(event).toContain('"price":"1.10000"');
    await first.close();
    await send('1.2');
    const again = await open({ 'last-event-id': /id: ?(\S+)/.exec(event)?.[1] ?? '' });
    expect(await again.next()).toContain('"price":"1.20000"');
    await again.close();
  });
});

describe('bad input', () => {
  const good = {
    symbol: 'EUR-USD',
    price: '1.1',
    size: '1',
    timestamp: '2024-03-01T12:00:00Z',
    tradeId: 'x',
  };

  it.each<[string, string | object, number, string]>([
    ['malformed JSON', '{"ticks":', 400, 'malformed_json'],
    ['a body of another shape', { trades: [] }, 400, 'validation_failed'],
    ['too large a batch', { ticks: Array.from({ length: 10_001 }, () => good) }, 400, 'batch_size_invalid'],
    ['no trade at all', { ticks: [] }, 400, 'batch_size_invalid'],
  ])('%s is answered with a problem', async (_name, body, status, code) => {
    const answer = await backend.send('POST', '/ticks', body);
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each<[string, object, string]>([
    ['an unknown symbol', { symbol: 'NO-SUCH' }, 'unknown_symbol'],
    ['a negative price', { price: '-1.1' }, 'invalid_price'],
    ['a price of zero', { price: 0 }, 'invalid_price'],
    ['a price that is not finite', { price: 'Infinity' }, 'invalid_price'],
    ['a price off the tick size', { price: '1.000001' }, 'off_tick_size'],
    ['a negative size', { size: -1 }, 'invalid_size'],
    ['a size off the lot size', { size: '0.5' }, 'off_lot_size'],
    ['a timestamp before 1970', { timestamp: '1969-12-31T23:59:59Z' }, 'timestamp_out_of_range'],
    [
      'a timestamp in the future',
      { timestamp: new Date(Date.now() + 600_000).toISOString() },
      'timestamp_out_of_range',
    ],
    ['a timestamp that is none', { timestamp: 'yesterday' }, 'invalid_timestamp'],
    ['a trade id that is too long', { tradeId: 'x'.repeat(65) }, 'invalid_trade_id'],
    ['a side that is none', { side: 'both' }, 'invalid_side'],
  ])('%s is rejected, and the good trades beside it are accepted', async (_name, changes, code) => {
    const { status, body } = await backend.send('POST', '/ticks', { ticks: [good, { ...good, ...changes }] });
    expect({ status, body }).toEqual({
      status: 202,
      body: { accepted: 1, rejected: [{ index: 1, code, detail: expect.any(String) as string }] },
    });
  });

  it('a wrong content type is 415', async () => {
    const response = await fetch(`${backend.url}/api/v1/ticks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await writeToken()}`, 'content-type': 'text/csv' },
      body: 'symbol,price',
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      415,
      'unsupported_media_type',
    ]);
  });

  it('no token is 401, and a token without the scope 403', async () => {
    const post = async (headers: Record<string, string>): Promise<[number, string]> => {
      const response = await fetch(`${backend.url}/api/v1/ticks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ ticks: [good] }),
      });
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    const readOnly = await runApp('cli', { SECRET_KEY: 'a-key-for-tests-0123456789-abcdefghij' }, [
      'token',
      '--scope',
      'read',
    ]);
    expect(await post({})).toEqual([401, 'unauthenticated']);
    expect(await post({ authorization: `Bearer ${readOnly.stdout.trim()}` })).toEqual([403, 'forbidden']);
  });

  it.each([
    ['/candles/EUR-USD?interval=2m', 400],
    ['/candles/EUR-USD?from=yesterday', 400],
    ['/candles/EUR-USD?limit=0', 400],
    ['/candles/EUR-USD?cursor=%00', 400],
    ['/candles/NO-SUCH?interval=1m', 404],
    ['/instruments/NO-SUCH', 404],
    ['/instruments?limit=100000', 400],
    ['/quotes?symbols=', 400],
    ['/nothing', 404],
  ])('GET %s is %i', async (path, status) => {
    const answer = await backend.get(path);
    expect(answer).toMatchObject({ status, body: { status } });
  });
});

describe('the import', () => {
  it('reports rejected rows with their lines and ends with 1', async () => {
    const symbol = await instrument('E2E-REJECTED');
    const csv = [
      'symbol,timestamp,price,size,trade_id',
      `${symbol},2024-03-01T12:00:00Z,1.1,1,1`,
      `${symbol},2024-03-01T12:00:01Z,-1,1,2`,
      '',
    ];
    const { code, stdout, stderr } = await importFile(csv.join('\n'));
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/line 3\b.*invalid_price/);
  });
});
