import { readFile, writeFile } from 'node:fs/promises';
import { createTokenService } from '@app/auth/nest';
import { describe, expect, it } from 'vitest';
import { header, rowAt, secretKey, tickAt, ImportScene } from './import-scene.fixture.js';
import { type Reply, StandInApi } from './stand-in-api.fixture.js';

describe('import-ticks', () => {
  const scene = new ImportScene();
  async function run(api: StandInApi, rows: readonly string[], ...args: string[]) {
    await writeFile(scene.file, rows.join('\n'));
    await using process = await scene.start(api.port, ...args);
    const { code } = await process.exited;
    return { code, stdout: process.stdout, stderr: process.stderr };
  }

  it('sends every row in batches, numbers as they stand, with a token of its own', async () => {
    await using api = await StandInApi.start();
    const { code, stdout, stderr } = await run(api, [header, ...[1, 2, 3].map(rowAt)], '--batch', '2');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^3 rows in [\d.]+ s \([\d,]+ rows\/s\): 3 accepted, 0 rejected\.\n$/);
    expect(api.requests.map(({ ticks }) => ticks)).toEqual([[tickAt(1), tickAt(2)], [tickAt(3)]]);
    const tokens = createTokenService({ secretKey, secretKeyPrevious: undefined }, 'trading-backend');
    expect(tokens.authorize(api.requests[0]?.headers.authorization, 'write').sub).toBe('import-ticks');
  });

  it('takes the columns in any order, a side, quotes, CRLF, empty lines and a byte order mark', async () => {
    await using api = await StandInApi.start();
    const rows = [
      '\uFEFFside,trade_id,size,price,timestamp,symbol\r',
      'buy,"a,1",0.10,1.0,2017-04-19T09:00:00Z,"EUR-USD"\r',
      '\r',
      ',2,5,1.1,2017-04-19T09:00:01Z,EUR-USD\r',
      '',
    ];
    const { code } = await run(api, rows, '--token', 'given');

    expect(code).toBe(0);
    expect(api.received).toEqual([
      {
        symbol: 'EUR-USD',
        timestamp: '2017-04-19T09:00:00Z',
        price: '1.0',
        size: '0.10',
        tradeId: 'a,1',
        side: 'buy',
      },
      { symbol: 'EUR-USD', timestamp: '2017-04-19T09:00:01Z', price: '1.1', size: '5', tradeId: '2' },
    ]);
    expect(api.requests[0]?.headers.authorization).toBe('Bearer given');
  });

  it('gives rows without an id one that is the same each time', async () => {
    await using api = await StandInApi.start();
    const rows = [header, 'A,2017-04-19T09:00:00Z,1,1,', 'A,2017-04-19T09:00:00Z,1,1,'];
    const first = await run(api, rows);
    await run(api, rows);

    expect(first.stdout).toContain('2 rows have no trade_id');
    const ids = api.received.map((tick) => (tick as { tradeId: string }).tradeId);
    expect(ids).toEqual([
      expect.stringMatching(/^csv-[0-9a-f]{8}-0000000002$/),
      expect.stringMatching(/^csv-[0-9a-f]{8}-0000000003$/),
      ids[0],
      ids[1],
    ]);
  });

  it('reports rejected rows by their lines, writes them to a file, and ends with 1', async () => {
    const rejected = [{ index: 1, code: 'off_tick_size', detail: 'The price is "off".' }];
    await using api = await StandInApi.start((_request, count) =>
      count === 1 ? { body: { accepted: 1, rejected } } : {},
    );
    const rows = [header, rowAt(1), rowAt(2), 'too,short', rowAt(4)];
    const { code, stdout, stderr } = await run(
      api,
      rows,
      '--batch',
      '3',
      '--rejected',
      `${scene.folder}/r.csv`,
    );

    expect(code).toBe(1);
    expect(stdout).toContain('4 rows in');
    expect(stdout).toContain('2 accepted, 2 rejected.');
    expect(stderr).toBe(
      'line 3: off_tick_size: The price is "off".\nline 4: malformed_row: The row has 2 fields and not 5.\n',
    );
    expect(await readFile(`${scene.folder}/r.csv`, 'utf8')).toBe(
      'line,code,detail\n3,off_tick_size,"The price is ""off""."\n4,malformed_row,"The row has 2 fields and not 5."\n',
    );
  });

  it('prints the first twenty rejected rows and counts the others', async () => {
    await using api = await StandInApi.start(({ ticks }) => ({
      body: {
        accepted: 0,
        rejected: ticks.map((_tick, index) => ({ index, code: 'unknown_symbol', detail: 'No.' })),
      },
    }));
    const { code, stderr } = await run(api, [header, ...Array.from({ length: 25 }, (_, n) => rowAt(n))]);
    const lines = stderr.trimEnd().split('\n');
    expect([code, lines.length, lines.at(-2), lines.at(-1)]).toEqual([
      1,
      21,
      'line 21: unknown_symbol: No.',
      'and 5 more rejected rows; --rejected FILE writes all of them to a file',
    ]);
  });

  it('says that rows are lost which the API neither took nor rejected, and ends with 1', async () => {
    await using api = await StandInApi.start(() => ({ body: { accepted: 1, rejected: [] } }));
    const { code, stdout } = await run(api, [header, rowAt(1), rowAt(2)]);
    expect(code).toBe(1);
    expect(stdout).toContain('1 rows are LOST');
  });

  it('waits out an API that takes nothing now, as long as it asks for', async () => {
    const replies: Reply[] = [
      { status: 503, headers: { 'retry-after': '1' }, body: { code: 'backlog_full', detail: 'Full.' } },
      { status: 429, headers: { 'retry-after': '0' }, body: { code: 'rate_limited', detail: 'Slow.' } },
      { status: 502, body: {} },
    ];
    await using api = await StandInApi.start((_request, count) => replies[count - 1] ?? {});
    const startedAt = performance.now();
    const { code, stderr } = await run(api, [header, rowAt(1)]);

    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
    expect(api.received).toEqual([tickAt(1), tickAt(1), tickAt(1), tickAt(1)]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'The API answers 503 backlog_full: Full. Trying again in 1.0 s.',
      'The API answers 429 rate_limited: Slow. Trying again in 0.1 s.',
      'The API answers 502. Trying again in 2.0 s.',
    ]);
  });

  it('waits until the API can be reached', async () => {
    const gone = await StandInApi.start();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    await writeFile(scene.file, [header, rowAt(1)].join('\n'));
    await using process = await scene.start(port);
    await process.waitForOutput(/cannot be reached \(ECONNREFUSED\)/);
    await using api = await StandInApi.start(() => ({}), port);
    expect((await process.exited).code).toBe(0);
    expect(api.received).toEqual([tickAt(1)]);
  });

  it('gives up with 69 after the longest wait, and says where to go on', async () => {
    await using api = await StandInApi.start((_request, count) => (count === 1 ? {} : { status: 503 }));
    const { code, stdout, stderr } = await run(
      api,
      [header, ...[1, 2, 3, 4].map(rowAt)],
      '--batch',
      '2',
      '--max-wait',
      '300ms',
    );
    expect(code).toBe(69);
    expect(stdout).toContain('Go on with: --from-line 4');
    expect(stderr).toContain('error: The API did not take the trades: The API answers 503.');
  });

  it.each([
    [401, 'unauthenticated', 'The token has expired.', 'Give a token with --token'],
    [403, 'forbidden', 'This needs a token of scope write.', 'Give a token of scope write.'],
    [404, 'not_found', 'No call has this path.', 'Look whether --url is the address of this API.'],
    [413, 'payload_too_large', 'Too large.', 'Send fewer rows at once with --batch'],
  ])('ends with 1 when the API answers %i', async (status, errorCode, detail, advice) => {
    await using api = await StandInApi.start(() => ({ status, body: { code: errorCode, detail } }));
    const { code, stdout, stderr } = await run(api, [header, rowAt(1)]);
    expect(code).toBe(1);
    expect(stdout).toContain('Go on with: --from-line 2');
    expect(stderr).toContain(
      `error: The API answers ${String(status)} ${errorCode}: ${detail}\n       ${advice}`,
    );
    expect(api.requests).toHaveLength(1);
  });

  it('takes no other server for the API', async () => {
    await using api = await StandInApi.start(() => ({ status: 200, body: { hello: 'world' } }));
    const { code, stderr } = await run(api, [header, rowAt(1)]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Look whether --url is the address of this API.'),
    ]);
  });
});
