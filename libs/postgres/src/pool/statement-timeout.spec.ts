import { type DevServer, startPostgres } from '@app/dev-services';
import { FaultProxy, failureOf, selfSignedCertificate, suspend, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendsOf, hang, operatorOf, pidOf, poolOn } from './pool.fixture.js';
import { cancelGraceMs } from './statement-clock.js';

describe('Pool with a statement timeout', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('has the server cancel a statement that runs too long, and keeps the connection', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0, statementTimeoutMs: 100 });
    const client = await pool.connect();
    const failure = await failureOf(client.query('SELECT pg_sleep(60)'));
    client.release();
    expect(failure).toMatchObject({
      code: '57014',
      severity: 'ERROR',
      afterMs: 100,
      message: 'the statement was cancelled after 100 ms',
    });
    expect(await pool.connect()).toBe(client);
  });

  it.each([
    ['with parameters', { text: 'SELECT pg_sleep(60), $1::int', values: [1] }],
    ['prepared by a name', { text: 'SELECT pg_sleep(60)', name: 'named' }],
    ['of several at once', { text: 'SELECT 1; SELECT pg_sleep(60)' }],
  ])('bounds a statement %s', async (_, statement) => {
    const pool = poolOn(server.url, { statementTimeoutMs: 100 });
    const client = await pool.connect();
    expect(await failureOf(client.query(statement))).toMatchObject({ code: '57014' });
    client.release();
  });

  it('bounds each statement of a transaction, not the transaction', async () => {
    const pool = poolOn(server.url, { statementTimeoutMs: 250 });
    const client = await pool.connect();
    await client.query('BEGIN');
    for (let turn = 0; turn < 4; turn += 1) await client.query('SELECT pg_sleep(0.1)');
    const failure = await failureOf(client.query('SELECT pg_sleep(60)'));
    const inTransaction = await failureOf(client.query('SELECT 1'));
    await client.query('ROLLBACK');
    const { rows } = await client.query('SELECT 1 AS one');
    client.release();
    expect([failure, inTransaction]).toMatchObject([{ code: '57014' }, { code: '25P02' }]);
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('ends no statement that follows one which ended while its cancel request was on the way', async () => {
    const secured = await startPostgres({ tls: await selfSignedCertificate(['127.0.0.1']) });
    await using proxy = await FaultProxy.start(secured.port);
    const url = secured.url.replace(`:${String(secured.port)}`, `:${String(proxy.port)}`);
    const pool = poolOn(url, { size: 1, maxOverflow: 0, statementTimeoutMs: 1_000 });
    const client = await pool.connect();
    // With TLS the cancel request comes after three or four ways, and a statement after one.
    await proxy.set({ kind: 'latency', requestMs: 150, answerMs: 0 });
    const first = await failureOf(client.query('SELECT pg_sleep(0.9)'));
    const next = await failureOf(client.query('SELECT pg_sleep(0.6)'));
    client.release();
    await pool.end();
    await secured.stop();
    expect([first, next]).toEqual(['no failure', 'no failure']);
  });

  it('leaves alone a connection on which nothing runs, however long somebody has it', async () => {
    const pool = poolOn(server.url, { statementTimeoutMs: 50 });
    const client = await pool.connect();
    await client.query('BEGIN');
    const since = performance.now();
    await waitFor(() => performance.now() - since > cancelGraceMs + 500);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('COMMIT');
    client.release();
  });

  it('keeps apart what an operator cancels', async () => {
    const pool = poolOn(server.url, { statementTimeoutMs: 10_000 });
    const client = await pool.connect();
    const pid = await pidOf(client);
    const failed = failureOf(client.query('SELECT pg_sleep(60)'));
    await (await operatorOf(server.url)).query('SELECT pg_cancel_backend($1)', [pid]);
    client.release();
    expect(await failed).toMatchObject({
      code: '57014',
      message: 'canceling statement due to user request',
    });
  });

  it('ends the connection where the cancel request has no effect', async () => {
    const pool = poolOn(server.url, { size: 1, maxOverflow: 0, statementTimeoutMs: 100 });
    const client = await pool.connect();
    hang(await pidOf(client));
    const startedAt = performance.now();
    const failure = await failureOf(client.query('SELECT 1'));
    const tookMs = performance.now() - startedAt;
    client.release();
    expect(failure).toMatchObject({ name: 'SilentConnectionError', code: 'ETIMEDOUT' });
    expect(tookMs).toBeGreaterThanOrEqual(cancelGraceMs);
    expect(await pool.connect()).not.toBe(client);
  });

  it('ends the connection where the server does not even take the cancel request', async () => {
    const stopped = await startPostgres();
    const pool = poolOn(stopped.url, { statementTimeoutMs: 100 });
    const client = await pool.connect();
    await suspend(stopped);
    const failure = await failureOf(client.query('SELECT 1'));
    client.release();
    await stopped.stop();
    expect(failure).toMatchObject({ name: 'SilentConnectionError', code: 'ETIMEDOUT' });
  });

  it('cancels with TLS where the connection has it', async () => {
    const tls = await selfSignedCertificate(['127.0.0.1']);
    const secured = await startPostgres({ tls });
    const pool = poolOn(secured.url, { statementTimeoutMs: 100 });
    const failure = await failureOf(pool.query('SELECT pg_sleep(60)'));
    await pool.end();
    await secured.stop();
    expect(failure).toMatchObject({ code: '57014', afterMs: 100 });
  });

  it('leaves nothing running on the server', async () => {
    const operator = await operatorOf(server.url);
    const pool = poolOn(server.url, { statementTimeoutMs: 100 });
    await failureOf(pool.query('SELECT pg_sleep(60)'));
    const running =
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid = ANY($1)";
    expect((await operator.query(running, [await backendsOf(operator)])).rowCount).toBe(0);
  });
});

describe('Pool with a bound for silence', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it('ends a connection on which the server says nothing for so long', async () => {
    const pool = poolOn(server.url, { silenceMs: 100 });
    expect(await failureOf(pool.query('SELECT pg_sleep(60)'))).toMatchObject({
      name: 'SilentConnectionError',
    });
  });

  it('lets a statement run on while the server tells of it, and a connection rest', async () => {
    const pool = poolOn(server.url, { size: 1, silenceMs: 200 });
    const client = await pool.connect();
    const notices = `DO $$ BEGIN FOR turn IN 1..6 LOOP
      RAISE NOTICE 'turn %', turn; PERFORM pg_sleep(0.1); END LOOP; END $$`;
    await client.query(notices);
    const since = performance.now();
    await waitFor(() => performance.now() - since > 400);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });
});
