import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import type { DatastoreName } from '@app/errors';
import { type RunningProcess, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, startBackend, writeToken } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { endOf } from '../../support/end-of.js';
import { logOf } from '../../support/log.js';
import { probe } from '../../support/probe.js';
import { runApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const trade = () => ({
  symbol: 'EUR-USD',
  price: '1.1',
  size: '3',
  timestamp: '2024-03-01T12:00:00Z',
  tradeId: crypto.randomUUID(),
});

const candlesOfADay = '/candles/EUR-USD?interval=1m&from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z';

const start = (env: Readonly<Record<string, string>> = {}): Promise<Backend> =>
  startBackend({ ...datastores.env, ...env });

const signalsOf = (process: RunningProcess): string[] => logOf(process).flatMap(({ signal }) => signal ?? []);

const until = (process: RunningProcess, signal: string): Promise<boolean> =>
  waitFor(() => signalsOf(process).includes(signal), { message: signal });

/** Whether something waits for an answer of the datastore. */
async function isBusy(backend: Backend, name: DatastoreName): Promise<boolean> {
  const { body } = await backend.get('/health/detailed');
  const { details } = body as { details: Record<string, { stats: Record<string, number> }> };
  const { inFlight, total = 0, idle = 0 } = details[name]?.stats ?? {};
  return (inFlight ?? total - idle) > 0;
}

async function answered(url: string, agent?: Agent): Promise<string> {
  const asked = get(url, { agent: agent ?? false });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return `${String(response.statusCode)} ${response.headers.connection ?? ''}`;
}

/** An event stream, and whether it has ended as it should. */
async function openStream(url: string): Promise<{ readonly ended: () => boolean }> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  let complete = false;
  response.resume().once('end', () => (complete = response.complete));
  return { ended: () => complete };
}

/** A POST of which the second half is sent when the test says so. */
async function halfSent(backend: Backend): Promise<{ finish(): Promise<string> }> {
  const body = JSON.stringify({ ticks: [trade()] });
  const asked = request(`${backend.url}/api/v1/ticks`, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${await writeToken()}`,
      'content-type': 'application/json',
      'content-length': body.length,
    },
  });
  asked.write(body.slice(0, 20));
  await once(asked, 'socket');
  return {
    finish: async () => {
      asked.end(body.slice(20));
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      return `${String(response.statusCode)} ${response.headers.connection ?? ''}`;
    },
  };
}

describe('the shutdown', () => {
  it('gives its signals in order, and what each stands for is true from then on', async () => {
    await using backend = await start({ SHUTDOWN_DRAIN_DELAY: '2s', SHUTDOWN_TIMEOUT: '20s' });
    await backend.ready();
    const route = `${backend.url}/api/v1/instruments/EUR-USD`;
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => kept.destroy());
    const before = await answered(route, kept);
    const stream = await openStream(`${backend.url}/api/v1/quotes/stream?symbols=EUR-USD`);
    const slow = await halfSent(backend);

    backend.process.kill('SIGTERM');
    await until(backend.process, 'draining');
    const readiness = await backend.get('/health/readiness');
    const liveness = await backend.get('/health/liveness');
    const onKept = await answered(route, kept);
    const onNew = await answered(route);
    const streamWhileDraining = stream.ended();
    expect(signalsOf(backend.process)).toEqual(['draining']);

    await until(backend.process, 'listener_closed');
    expect(await probe(route)).toBeUndefined();
    await until(backend.process, 'streams_ended');
    await waitFor(() => stream.ended());
    expect(signalsOf(backend.process)).not.toContain('requests_finished');
    const late = await slow.finish();
    const { code } = await backend.process.exited;

    expect([before, onKept, onNew, late]).toEqual(['200 keep-alive', '200 close', '200 close', '202 close']);
    expect([readiness.status, readiness.body, liveness.status]).toEqual([
      503,
      expect.objectContaining({ status: 'shutting_down', phase: 'draining' }),
      200,
    ]);
    expect(streamWhileDraining).toBe(false);
    const log = logOf(backend.process);
    expect(signalsOf(backend.process)).toEqual([
      'draining',
      'drain_delay_over',
      'listener_closed',
      'streams_ended',
      'requests_finished',
      'queues_flushed',
      'hooks_run',
      'datastores_closed',
    ]);
    expect(log.find(({ signal }) => signal === 'drain_delay_over')?.afterMs).toBeGreaterThanOrEqual(1_990);
    // The log is flushed: its last line is that of the last transition.
    expect(log.at(-1)?.msg).toContain('draining → stopped (SIGTERM)');
    expect(code).toBe(0);
  });

  it.each<[DatastoreName, number, string[]]>([
    ['postgres', 0, []],
    // The request is given up, and the shards cannot be given back.
    ['redis', 70, ['finish requests', 'flush: trade writer']],
    // The trades that it has not confirmed stay in Redis.
    ['influxdb', 0, []],
  ])('is over in its time when %s hangs, with the exit code %i', async (name, expected, missed) => {
    const timeoutMs = 5_000;
    await using backend = await start({
      SHUTDOWN_TIMEOUT: '5s',
      HEALTH_CHECK_INTERVAL: '60s',
      DB_POOL_TIMEOUT: '2s',
    });
    await backend.ready();
    const post = (): Promise<unknown> => backend.send('POST', '/ticks', { ticks: [trade()] });
    await post();
    datastores[name].signal('SIGSTOP');
    onTestFinished(() => datastores[name].signal('SIGCONT'));
    // Work that cannot be done while it hangs.
    void post().catch(() => undefined);
    if (name !== 'postgres') await waitFor(() => isBusy(backend, name), { message: 'work in flight' });
    const { code, tookMs } = await endOf(backend.process);
    const overran = logOf(backend.process).flatMap(({ level, step }) =>
      level === 'error' ? (step ?? []) : [],
    );
    expect({ code, inTime: tookMs < timeoutMs, overran }).toEqual({
      code: expected,
      inTime: true,
      overran: missed,
    });
    expect(signalsOf(backend.process).at(-1)).toBe('datastores_closed');
  });

  it.each<[DatastoreName, string, string[]]>([
    ['postgres', '/instruments', []],
    ['redis', '/quotes/EUR-USD', ['flush: trade writer']],
    ['influxdb', candlesOfADay, []],
  ])(
    'answers a request that hangs in %s with 503 when its time is over, and ends with 70',
    async (name, path, missed) => {
      await using backend = await start({ SHUTDOWN_TIMEOUT: '6s', HEALTH_CHECK_INTERVAL: '60s' });
      await backend.ready();
      // That there is no quote yet is an answer as well.
      expect((await backend.get(path)).status).toBeLessThan(500);
      datastores[name].signal('SIGSTOP');
      onTestFinished(() => datastores[name].signal('SIGCONT'));
      const hung = backend.get(path);
      await waitFor(() => isBusy(backend, name), { message: 'the request to hang' });
      const { code, tookMs } = await endOf(backend.process);
      const { status, headers, body } = await hung;

      expect({ status, body }).toMatchObject({
        status: 503,
        body: { code: 'not_serving', instance: `/api/v1${path.replace(/\?.*/, '')}` },
      });
      expect([headers.get('retry-after'), headers.get('connection')]).toEqual(['2', 'close']);
      expect([code, tookMs < 6_000]).toEqual([70, true]);
      const failed = logOf(backend.process).flatMap(({ level, step }) =>
        level === 'error' ? (step ?? []) : [],
      );
      expect(failed).toEqual(['finish requests', ...missed]);
      expect(backend.process.stdout).toContain(`GET /api/v1${path.replace(/\?.*/, '')}`);
      expect(signalsOf(backend.process).at(-1)).toBe('datastores_closed');
    },
  );

  it('is ended by force with 75 when SHUTDOWN_TIMEOUT is over', async () => {
    // Nothing can be done while the event loop stands still, and once it goes on there is no time left.
    const block = `process.on('SIGTERM', () => setTimeout(() => { const end = Date.now() + 2_500; while (Date.now() < end); }, 200));`;
    await using backend = await start({
      SHUTDOWN_DRAIN_DELAY: '400ms',
      SHUTDOWN_TIMEOUT: '1s',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(block)}`,
    });
    await backend.ready();
    const { code } = await endOf(backend.process);
    expect(code).toBe(75);
    expect(backend.process.stdout).toContain('SHUTDOWN_TIMEOUT of 1000 ms is over');
  });
});
