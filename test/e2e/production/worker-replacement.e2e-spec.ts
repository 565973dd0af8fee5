// Replaces all workers three times under load; with RELOADS=10 in the environment ten times.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend, writeToken } from '../../support/backend.js';
import { connectionsOf } from '../../support/connections-of.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { linesWith } from '../../support/log.js';
import { type Environment, runApp, secretKey } from '../../support/programs.js';
import { storedTradeIds } from '../../support/stored-trades.js';
import { atFullPace } from '../../support/traffic/at-full-pace.js';
import { createInstrument, tradesWritten } from '../../support/traffic/instrument.js';
import { figures, underTraffic } from '../../support/traffic/under-traffic.js';
import { servingWorkers, workersOf } from '../../support/workers.js';

const rounds = Array.from({ length: Number(process.env['RELOADS'] ?? '3') }, (_, index) => index + 1);
const ratePerSecond = 500;
const connections = 40;
const timeout = 120_000;
/** On a machine that sends the load and runs other tests at the same time; alone, a third of it is enough. */
const servesWithinMs = 6_000;

let datastores: Datastores;
let folder: TemporaryFolder;
let token: string;
let env: Environment;
let backend: Backend;

beforeAll(async () => {
  datastores = await startDatastores();
  folder = await temporaryFolder();
  await runApp('db-init', datastores.env);
  token = await writeToken();
  env = {
    ...datastores.env,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    MANAGEMENT_HOST: '127.0.0.1',
    WORKER_PROCESSES: '2',
    HEALTH_DETAILS: 'always',
    CAPACITY_CHECK: 'off',
    INIT_WAIT: 'database',
    LOG_DIR: 'off',
    LOG_FILE: 'off',
    RATE_LIMIT: '0',
  };
  backend = await startBackend(env, { token });
  await servingWorkers(backend, 2);
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await datastores[Symbol.asyncDispose]();
});

const pidsOf = async (of: Backend): Promise<number[]> => (await workersOf(of)).map(({ pid }) => pid);

const linesOf = ({ process: program }: Backend, text: string): string[] => linesWith(program, text);

/** Sends SIGHUP, and resolves once all workers are replaced, or one could not be. */
async function reload(of: Backend): Promise<void> {
  const done = (): number =>
    linesOf(of, 'SIGHUP: all workers').length + linesOf(of, 'SIGHUP: the new').length;
  const before = done();
  of.process.kill('SIGHUP');
  await waitFor(() => done() > before, { timeoutMs: 60_000, message: 'the workers to be replaced' });
}

const plan = (symbol: string) => ({
  url: backend.url,
  token,
  symbol,
  ratePerSecond,
  connections,
  secondsAround: 1,
});

describe('SIGHUP', () => {
  describe.each(rounds)('%i', (round) => {
    it('replaces all workers under load, and no request and no trade is lost', { timeout }, async () => {
      await atFullPace(ratePerSecond, async (attempt) => {
        const symbol = `HUP-${String(round)}-${String(attempt)}`;
        const instrument = await createInstrument(backend.url, token, symbol);
        const before = await pidsOf(backend);
        const report = await underTraffic(plan(symbol), () => reload(backend));
        process.stderr.write(`SIGHUP ${String(round)}: ${figures(report)}\n`);
        const after = await pidsOf(backend);

        const { failures, examples } = report;
        expect({ failures, examples }).toEqual({ failures: 0, examples: [] });
        expect(after.filter((pid) => before.includes(pid))).toEqual([]);
        const counted = await tradesWritten(instrument);
        const stored = await storedTradeIds(datastores.influxdb.url, instrument);
        expect(stored.toSorted()).toEqual(report.acceptedTrades.toSorted());
        expect(counted).toBe(stored.length);
        return report;
      });
    });
  });

  const withKeyFile = async (key: string): Promise<string> => {
    const file = join(folder.path, 'secret-key');
    await writeFile(file, key);
    return file;
  };
  const tokenOf = async (key: string): Promise<string> => {
    const { stdout } = await runApp('cli', { SECRET_KEY: key }, ['token', '--scope', 'read']);
    return stdout.trim();
  };

  it('has the workers read changed secrets, and leaves those that serve alone where that fails', async () => {
    const file = await withKeyFile(secretKey);
    const settings = { SECRET_KEY: undefined, SECRET_KEY_FILE: file, HEALTH_DETAILS: 'authorized' };
    await using own = await startBackend({ ...env, ...settings }, { token });
    await waitFor(() => linesOf(own, 'serves').length === 2, { timeoutMs: 30_000 });
    const status = async (bearer: string): Promise<number> =>
      (await own.get('/health/detailed', { authorization: `Bearer ${bearer}` })).status;
    const newKey = 'another-key-for-tests-9876543210-zyxwvutsrq';
    const [old, fresh] = await Promise.all([tokenOf(secretKey), tokenOf(newKey)]);
    const before = [await status(old), await status(fresh)];

    await withKeyFile(newKey);
    await reload(own);
    const after = [await status(old), await status(fresh)];

    await withKeyFile('short');
    await reload(own);
    const refused = [await status(old), await status(fresh)];
    expect({ before, after, refused }).toEqual({
      before: [200, 401],
      after: [401, 200],
      refused: [401, 200],
    });
    expect(linesOf(own, 'SIGHUP: the new worker 1 could not serve')).toHaveLength(1);
    expect(own.process.stderr).toContain('SECRET_KEY');
  });
});

describe('kill -9 of a worker under load', () => {
  it('loses no more than was on its connections, and another serves soon', { timeout }, async () => {
    const serves: number[] = [];
    await atFullPace(ratePerSecond, async (attempt) => {
      const symbol = `KILL-${String(attempt)}`;
      await createInstrument(backend.url, token, symbol);
      const [victim] = await servingWorkers(backend, 2);
      const pid = victim?.pid ?? 0;
      const report = await underTraffic(plan(symbol), async () => {
        // Stopped first, so that what it holds can be counted.
        process.kill(pid, 'SIGSTOP');
        const held = await connectionsOf(pid, Number(new URL(backend.url).port));
        process.kill(pid, 'SIGKILL');
        const [from, diedAt] = [performance.now(), Date.now()];
        const lines = linesOf(backend, 'worker 1 ').length;
        await waitFor(
          () =>
            linesOf(backend, 'worker 1 ')
              .slice(lines)
              .some((line) => line.endsWith(' serves')),
          {
            timeoutMs: 30_000,
            message: 'another worker to serve',
          },
        );
        return { held, diedAt, servesAfterMs: performance.now() - from };
      });
      const { failed, result } = report;
      const { held, diedAt, servesAfterMs } = result;
      const inFlight = failed.filter(({ sentAt = Infinity }) => sentAt <= diedAt).length;
      const handedOver = failed.length - inFlight;
      process.stderr.write(
        `kill -9: ${figures(report)}; of its ${String(held)} connections ${String(inFlight)} lost a request in flight and ${String(handedOver)} one that was sent before its death was seen; another serves after ${servesAfterMs.toFixed(0)} ms\n`,
      );

      // A request at a time on each.
      expect(failed.length).toBeLessThanOrEqual(held);
      const [replaced] = await servingWorkers(backend, 2);
      expect([replaced?.number, replaced?.pid === pid]).toEqual([1, false]);
      serves.push(servesAfterMs);
      return report;
    });
    // Of the round in which this machine could keep the pace.
    expect(serves.at(-1)).toBeLessThan(servesWithinMs);
  });
});
