// Ends three backends; with SIGTERMS=20 in the environment twenty.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessEnd } from '@app/testing';
import { writeToken } from '../../support/backend.js';
import { type BalancedBackends, startBalancedBackends } from '../../support/balanced-backends.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { type Environment, runApp } from '../../support/programs.js';
import { storedTradeIds } from '../../support/stored-trades.js';
import { atFullPace } from '../../support/traffic/at-full-pace.js';
import { createInstrument, type Instrument, tradesWritten } from '../../support/traffic/instrument.js';
import { figures, underTraffic, type WorkReport } from '../../support/traffic/under-traffic.js';

const rounds = Array.from({ length: Number(process.env['SIGTERMS'] ?? '3') }, (_, index) => index + 1);
const ratePerSecond = 500;
const timeout = 120_000;
/** A drain delay has to be longer than it takes the balancer to see that readiness is red. */
const checkIntervalMs = 300;

let datastores: Datastores;
let env: Environment;
let token: string;
let backends: BalancedBackends;

beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
  // Production's settings, but for what belongs to a container.
  env = {
    ...datastores.env,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    MANAGEMENT_HOST: '127.0.0.1',
    WORKER_PROCESSES: '1',
    INIT_WAIT: 'database',
    LOG_DIR: 'off',
    RATE_LIMIT: '0',
    SHUTDOWN_DRAIN_DELAY: '2s',
  };
  token = await writeToken();
  backends = await startBalancedBackends({ env, token, checkIntervalMs });
});
afterAll(async () => {
  await backends[Symbol.asyncDispose]();
  await datastores[Symbol.asyncDispose]();
});

/** Replaces one of them under requests that begin before and end after. */
function replaceUnderTraffic(of: BalancedBackends, { symbol }: Instrument): Promise<WorkReport<ProcessEnd>> {
  const plan = { url: of.url, token, symbol, ratePerSecond, connections: 40, secondsAround: 1 };
  return underTraffic(plan, () => of.replaceOldest());
}

describe('two backends behind a balancer that follows readiness', () => {
  describe.each(rounds)('SIGTERM %i', (round) => {
    it('fails no request of a client that never retries, and loses no trade', { timeout }, async () => {
      await atFullPace(ratePerSecond, async (attempt) => {
        const name = `TERM-${String(round)}-${String(attempt)}`;
        const instrument = await createInstrument(backends.url, token, name);
        const report = await replaceUnderTraffic(backends, instrument);
        process.stderr.write(`SIGTERM ${String(round)}: ${figures(report)}\n`);

        const { failures, examples, result } = report;
        expect({ failures, examples, end: result }).toEqual({
          failures: 0,
          examples: [],
          end: { code: 0, signal: null },
        });
        const counted = await tradesWritten(instrument);
        const stored = await storedTradeIds(datastores.influxdb.url, instrument);
        expect(stored.toSorted()).toEqual(report.acceptedTrades.toSorted());
        expect(counted).toBe(stored.length);
        return report;
      });
    });
  });
});

describe('the client', () => {
  it.each([
    {
      what: 'a backend that does not wait until the balancer has seen it',
      symbol: 'TERM-HASTY',
      settings: { SHUTDOWN_DRAIN_DELAY: '0' },
      checkIntervalMs,
    },
    { what: 'a balancer that looks too late', symbol: 'TERM-LATE', settings: {}, checkIntervalMs: 60_000 },
  ])('tells of $what', { timeout }, async ({ symbol, settings, checkIntervalMs }) => {
    const options = { env: { ...env, ...settings }, token, checkIntervalMs };
    await using faulty = await startBalancedBackends(options);
    const instrument = await createInstrument(faulty.url, token, symbol);
    const report = await replaceUnderTraffic(faulty, instrument);
    expect(report.failures).toBeGreaterThan(0);
    expect(report.result).toEqual({ code: 0, signal: null });
  });
});
