import { DatastoreError } from '@app/errors';
import { type DevServer, startInfluxdb } from '@app/dev-services';
import { failureOf, failuresOf } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InfluxQueryError, InfluxWriteError } from './errors.js';
import { clientOf } from './influxdb.fixture.js';
import { quoteIdentifier, quoteString } from './influxql.js';
import { escapeMeasurement, escapeString, escapeTag } from './line-protocol.js';

describe('InfluxClient against InfluxDB 1', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startInfluxdb();
  });
  afterAll(async () => {
    await server.stop();
  });

  it('creates the database, stores lines and gives every value back as text', async () => {
    const client = clientOf(server.url);
    const line = [
      `${escapeMeasurement('big trades,x')},${escapeTag('sym bol')}=${escapeTag('A,B= x')}`,
      `i=9223372036854775807i,f=0.30000000000000004,b=true,${escapeTag('a key')}=${escapeString('a,"q" \\ 1.5\nnl')}`,
      '1700000000123456789',
    ].join(' ');

    await client.write([line, `${escapeMeasurement('big trades,x')} i=-1i,${escapeTag('a key')}="" 2`]);

    const measurement = quoteIdentifier('big trades,x');
    const where = `${quoteIdentifier('sym bol')} = ${quoteString('A,B= x')}`;
    const results = await client.query(
      `SELECT * FROM ${measurement} WHERE ${where} GROUP BY *; SELECT * FROM nothing; ` +
        `SELECT i, ${quoteIdentifier('a key')} FROM ${measurement}`,
    );
    expect(results).toEqual([
      [
        {
          name: 'big trades,x',
          tags: { 'sym bol': 'A,B= x' },
          columns: ['time', 'a key', 'b', 'f', 'i'],
          rows: [
            ['1700000000123456789', 'a,"q" \\ 1.5\nnl', 'true', '0.30000000000000004', '9223372036854775807'],
          ],
        },
      ],
      [],
      [
        {
          name: 'big trades,x',
          tags: {},
          columns: ['time', 'i', 'a key'],
          rows: [
            ['2', '-1', ''],
            ['1700000000123456789', '9223372036854775807', 'a,"q" \\ 1.5\nnl'],
          ],
        },
      ],
    ]);
  });

  it('finds by quoted names and strings exactly what was stored, whatever they hold', async () => {
    const client = clientOf(server.url);
    const texts = [`it's`, `"quoted"`, `back\\slash`, `\\' OR 1=1 --`, 'line\nbreak', '€, = and space'];
    await client.write(texts.map((text, i) => `m text=${escapeString(text)} ${i + 1}`));

    const results = await client.query(
      texts.map((text) => `SELECT text FROM m WHERE text = ${quoteString(text)}`).join('; '),
    );

    expect(results.map((series) => series.flatMap(({ rows }) => rows))).toEqual(
      texts.map((text, i) => [[String(i + 1), text]]),
    );
  });

  it('sums integers past 2^53 without rounding', async () => {
    const client = clientOf(server.url);
    await client.write(['m v=9007199254740993i 1', 'm v=9007199254740994i 2']);

    expect(await client.query('SELECT sum(v) FROM m')).toEqual([
      [{ name: 'm', tags: {}, columns: ['time', 'sum'], rows: [['0', '18014398509481987']] }],
    ]);
  });

  it('confirms thousands of lines in one write, and counts them', async () => {
    const client = clientOf(server.url);
    const lines = Array.from({ length: 20_000 }, (_, i) => `m v=${i}i ${i + 1}`);

    await client.write(lines);

    const [[series] = []] = await client.query('SELECT count(v), sum(v) FROM m');
    expect(series?.rows).toEqual([['0', '20000', '199990000']]);
    expect(client.stats()).toEqual({ inFlight: 0, writes: 1, queries: 1, linesWritten: 20_000, failures: 0 });
  });

  it('says that a write was refused in part, in the words of the server, and stores the rest', async () => {
    const client = clientOf(server.url);
    await client.write(['m v=1i 1']);

    const error = await failureOf(client.write(['m v="text" 2', 'm v=3i 3']));

    expect(error).toBeInstanceOf(InfluxWriteError);
    expect(error).toMatchObject({
      kind: 'rejected',
      partial: true,
      code: 'influxdb_write_rejected',
      serverMessage:
        'partial write: field type conflict: input field "v" on measurement "m" is type string, already exists as type integer dropped=1',
    });
    const [[series] = []] = await client.query('SELECT v FROM m');
    expect(series?.rows).toEqual([
      ['1', '1'],
      ['3', '3'],
    ]);
  });

  it('says that lines cannot be read', async () => {
    const error = await failureOf(clientOf(server.url).write(['no line at all']));

    expect(error).toBeInstanceOf(InfluxWriteError);
    expect(error).toMatchObject({
      serverMessage: expect.stringContaining("unable to parse 'no line at all'"),
    });
  });

  it('tells a wrong statement from a server that does not work', async () => {
    const client = clientOf(server.url);
    const failures = failuresOf(client);

    const syntax = await failureOf(client.query('SELECT FROM'));
    const unknown = await failureOf(client.query('SELECT foo(v) FROM m'));

    expect([syntax, unknown]).toEqual([expect.any(InfluxQueryError), expect.any(InfluxQueryError)]);
    expect(unknown).toMatchObject({ serverMessage: 'undefined function foo()' });
    expect(failures).toEqual([]);
  });

  it('creates the database again when it went away', async () => {
    const client = clientOf(server.url, { database: 'goes-away' });
    await client.write(['m v=1i 1']);
    await client.query('DROP DATABASE "goes-away"');

    const error = await failureOf(client.write(['m v=2i 2']));
    await client.write(['m v=3i 3']);

    expect(error).toMatchObject({ code: 'datastore_unavailable', reason: 'missing_database' });
    const [[series] = []] = await client.query('SELECT v FROM m');
    expect(series?.rows).toEqual([['3', '3']]);
  });

  it('reports version, API and whether the database is there, and creates nothing by that', async () => {
    const client = clientOf(server.url);
    const ping = (): Promise<unknown> => client.ping(new AbortController().signal);

    const before = await ping();
    const again = await ping();
    const created = await client.ensureDatabase();
    const after = await ping();

    expect([before, again, created, after]).toEqual([
      { version: server.version, facts: { api: 'v1', databaseThere: false } },
      { version: server.version, facts: { api: 'v1', databaseThere: false } },
      true,
      { version: server.version, facts: { api: 'v1', databaseThere: true } },
    ]);
  });

  it('ends a call whose signal aborts, as a timeout that nobody else is told of', async () => {
    const client = clientOf(server.url);
    await client.ensureDatabase();
    const failures = failuresOf(client);

    const errors = await Promise.all([
      failureOf(client.write(['m v=1i 1'], { signal: AbortSignal.abort() })),
      failureOf(client.query('SHOW DATABASES', { signal: AbortSignal.abort() })),
      failureOf(client.ping(AbortSignal.abort())),
    ]);

    expect(errors.map((error) => error instanceof DatastoreError && error.reason)).toEqual([
      'timeout',
      'timeout',
      'timeout',
    ]);
    expect(failures).toEqual([]);
  });

  it('takes no call after it was closed', async () => {
    const client = clientOf(server.url);
    await client.write(['m v=1i 1']);
    await client.close();
    await client.close();

    expect(await failureOf(client.write(['m v=2i 2']))).toBeInstanceOf(DatastoreError);
  });
});
