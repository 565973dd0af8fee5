// Rolls three times; with ROLLS=20 in the environment twenty times.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { atFullPace } from '../support/traffic/at-full-pace.ts';
import { createInstrument, type Instrument, tradesWritten } from '../support/traffic/instrument.ts';
import { figures, underTraffic, type WorkReport } from '../support/traffic/under-traffic.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import { buildProjectImage } from './project-image.ts';
import { type DatastoreNetwork, startDatastoreNetwork } from './rolling/datastore-network.ts';
import { startReplicas, type Replicas } from './rolling/replicas.ts';

const rolls = Array.from({ length: Number(process.env['ROLLS'] ?? '3') }, (_, index) => index + 1);
const ratePerSecond = 500;

function tell(what: string): void {
  process.stderr.write(`${what}\n`);
}

let image: string;
let network: DatastoreNetwork;
let replicas: Replicas;
let token: string;

beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  image = await buildProjectImage(engine);
  network = await startDatastoreNetwork(engine, image);
  token = await mustDocker(engine, ['run', '--rm', ...network.program, image, 'token', '--scope', 'write']);
  replicas = await startReplicas(engine, network, { image, addresses: { one: 201, two: 202 } });
});
afterAll(async () => {
  if (engineOfRun() !== undefined) await network[Symbol.asyncDispose]();
});

/** Rolls under requests that begin some seconds before and end some seconds after; gives the exit codes. */
function rollUnderTraffic(of: Replicas, { symbol }: Instrument): Promise<WorkReport<number[]>> {
  const plan = { url: of.proxy.url, token, symbol, ratePerSecond, connections: 40, secondsAround: 3 };
  return underTraffic(plan, () => of.roll());
}

describe('two replicas behind HAProxy that are replaced one after the other', () => {
  describe.each(rolls)('roll %i', (roll) => {
    test('fails no request of a client that never retries, and loses no trade', async () => {
      await atFullPace(ratePerSecond, async (attempt) => {
        const name = `ROLL-${String(roll)}-${String(attempt)}`;
        const instrument = await createInstrument(replicas.proxy.url, token, name);
        const report = await rollUnderTraffic(replicas, instrument);
        tell(`roll ${String(roll)}: ${figures(report)}`);

        const { failures, examples, result } = report;
        if (failures > 0) tell(await replicas.proxy.log());
        expect({ failures, examples, exitCodes: result }).toEqual({
          failures: 0,
          examples: [],
          exitCodes: [0, 0],
        });
        expect(await tradesWritten(instrument)).toBe(report.acceptedTrades.length);
        return report;
      });
    });
  });

  test('fail requests where nothing waits for HAProxy to see it: the client would tell', async ({
    engine,
  }) => {
    await using hasty = await startReplicas(engine, network, {
      image,
      addresses: { one: 203, two: 204 },
      settings: { SHUTDOWN_DRAIN_DELAY: '0' },
    });
    const instrument = await createInstrument(hasty.proxy.url, token, 'ROLL-HASTY');
    const report = await rollUnderTraffic(hasty, instrument);
    expect(report.failures).toBeGreaterThan(0);
    expect(report.result).toEqual([0, 0]);
  });
});
