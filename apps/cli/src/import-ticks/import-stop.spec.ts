import { writeFile } from 'node:fs/promises';
import {
  runProcess,
  type RunningProcess,
  temporaryFolder,
  type TemporaryFolder,
  waitFor,
} from '@app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Reply, StandInApi } from './stand-in-api.fixture.js';

const main = 'dist/apps/cli/src/main.js';
const secretKey = 'a key for tests, 0123456789 abcdefghij';
const header = 'symbol,timestamp,price,size,trade_id';
const rowAt = (n: number): string =>
  `EUR-USD,2017-04-19T09:00:${String(n).padStart(2, '0')}Z,1.07${String(n)}0,35${String(n)},${String(n)}`;
const tickAt = (n: number): object => ({
  symbol: 'EUR-USD',
  timestamp: `2017-04-19T09:00:${String(n).padStart(2, '0')}Z`,
  price: `1.07${String(n)}0`,
  size: `35${String(n)}`,
  tradeId: String(n),
});

describe('a signal to import-ticks', () => {
  let folder: TemporaryFolder;
  let file: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    file = `${folder.path}/trades.csv`;
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const start = (port: number, ...args: string[]): Promise<RunningProcess> =>
    runProcess('node', [main, 'import-ticks', file, '--url', `http://127.0.0.1:${String(port)}`, ...args], {
      env: { SECRET_KEY: secretKey, NODE_ENV: 'test' },
    });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops after the batch in flight on %s, and goes on later',
    async (signal) => {
      const arrived = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<Reply>();
      await using api = await StandInApi.start((_request, count) => {
        if (count !== 2) return {};
        arrived.resolve();
        return answer.promise;
      });
      await writeFile(file, [header, ...[1, 2, 3, 4, 5].map(rowAt)].join('\n'));
      await using process = await start(api.port, '--batch', '2');
      await arrived.promise;
      process.kill(signal);
      await process.waitForOutput(/Stopping after the batch in flight/);
      answer.resolve({});

      expect((await process.exited).code).toBe(0);
      expect(process.stdout).toContain('4 rows in');
      expect(process.stdout).toContain('Go on with: --from-line 6');

      await using rest = await start(api.port, '--from-line', '6');
      expect((await rest.exited).code).toBe(0);
      expect(api.received).toEqual([1, 2, 3, 4, 5].map(tickAt));
    },
  );

  it('ends it at once while it waits', async () => {
    await using api = await StandInApi.start(() => ({ status: 503, headers: { 'retry-after': '200' } }));
    await writeFile(file, [header, rowAt(1)].join('\n'));
    await using process = await start(api.port);
    await process.waitForOutput(/Trying again in 200.0 s/);
    process.kill('SIGINT');
    expect((await process.exited).code).toBe(0);
    expect(process.stdout).toContain('Go on with: --from-line 2');
  });

  it('ends it by force with 75 when it comes again a second later', async () => {
    await using api = await StandInApi.start(() => new Promise<never>(() => undefined));
    await writeFile(file, [header, rowAt(1)].join('\n'));
    await using process = await start(api.port);
    await waitFor(() => api.requests.length > 0);
    const again = setInterval(() => process.kill('SIGINT'), 100);
    const { code } = await process.exited;
    clearInterval(again);
    expect(code).toBe(75);
    expect(process.stdout).toContain('Go on with: --from-line 2');
  });
});
