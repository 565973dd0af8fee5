// Rolls three times; with ROLLS=20 in the environment twenty times.
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import { buildProjectImage } from './project-image.ts';
import { type DatastoreNetwork, startDatastoreNetwork } from './rolling/datastore-network.ts';
import { createInstrument, tradesWritten } from './rolling/instrument.ts';
import { startReplicas, type Replicas } from './rolling/replicas.ts';
import { figures, reachesRate, rollUnderLoad } from './rolling/roll-under-load.ts';

const rolls = Array.from({ length: Number(process.env['ROLLS'] ?? '3') }, (_, index) => index + 1);
const ratePerSecond = 500;
const maxAttempts = 4;

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

describe('two replicas behind HAProxy that are replaced one after the other', () => {
  describe.each(rolls)('roll %i', (roll) => {
    test('fails no request of a client that never retries, and loses no trade', async () => {
      // A roll whose client could not keep its pace is good for nothing else, and done again.
      for (let attempt = 1; ; attempt += 1) {
        const name = `ROLL-${String(roll)}-${String(attempt)}`;
        const instrument = await createInstrument(replicas.proxy, token, name);
        const since = new Date();
        since.setUTCSeconds(0, 0);
        const report = await rollUnderLoad(replicas, { instrument, token, ratePerSecond });
        tell(`roll ${String(roll)}: ${figures(report)}`);

        const { failures, examples, exitCodes } = report;
        if (failures > 0) tell(await replicas.proxy.log());
        expect({ failures, examples, exitCodes }).toEqual({ failures: 0, examples: [], exitCodes: [0, 0] });
        expect(await tradesWritten(instrument, since)).toBe(report.acceptedTrades);
        if (reachesRate(report, ratePerSecond)) return;
        expect(attempt, 'rolls for which this machine was too slow or too busy').toBeLessThan(maxAttempts);
      }
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
    const instrument = await createInstrument(hasty.proxy, token, 'ROLL-HASTY');
    const report = await rollUnderLoad(hasty, { instrument, token, ratePerSecond });
    expect(report.failures).toBeGreaterThan(0);
    expect(report.exitCodes).toEqual([0, 0]);
  });
});
