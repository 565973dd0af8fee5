import { waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { byName, detailedBody } from '../../support/detailed-body.js';
import { alive, allUp, bodies, named, readiness, started } from '../../support/health-bodies.js';
import { openLoad } from '../../support/load.js';
import { runApp } from '../../support/programs.js';
import { stall, stalling } from '../../support/stalls.js';

let datastores: Datastores;
let backend: Backend;

beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());
beforeEach(async () => {
  // A check that the stalls hold up is not one that fails.
  backend = await startBackend({ ...datastores.env, LOG_LEVEL: 'info', HEALTH_CHECK_TIMEOUT: '20s' });
  await backend.ready();
});
afterEach(() => backend[Symbol.asyncDispose]());

interface Detailed {
  readonly overload: {
    readonly eventLoopDelayMs: number;
  };
  readonly transitions: { readonly application: readonly { readonly to: string }[] };
}

const detailed = async (): Promise<Detailed> => (await backend.get('/health/detailed')).body as Detailed;
const linesWith = (text: string): string[] =>
  backend.process.stdout.split('\n').filter((line) => line.includes(text));

const managementStatus = async (path: string): Promise<number> =>
  (await fetch(backend.managementUrl + path)).status;

/** Into the overload and out of it. */
const transitions = [
  { from: 'starting', to: 'serving', cause: 'started' },
  {
    from: 'serving',
    to: 'overloaded',
    cause: expect.stringMatching(/^event loop delay above 1000 ms for 1\d\.\d s, now 1\d{3} ms$/),
  },
  {
    from: 'overloaded',
    to: 'serving',
    cause: expect.stringMatching(/^event loop delay below 500 ms for 5\.\d s, at most \d+ ms$/),
  },
] as const;

describe('a stall of the event loop', () => {
  it('of 3 seconds turns nothing red, and is soon over', async () => {
    await stall(backend.process, 3_000);
    const began = performance.now();
    await waitFor(async () => (await detailed()).overload.eventLoopDelayMs < 100);
    expect((await backend.get('/health/readiness')).status).toBe(200);
    const answers = await openLoad(
      { url: `${backend.url}/api/v1/instruments`, method: 'GET', headers: {} },
      { perSecond: 50, forMs: 1_000 },
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect((await detailed()).transitions.application.map(({ to }) => to)).toEqual(['serving']);
  });

  it(
    'again and again for 10 seconds turns readiness red, and liveness never',
    { timeout: 90_000 },
    async () => {
      const red = await stalling(backend.process, { stallMs: 1_300, breathMs: 60 }, () =>
        waitFor(
          async () => {
            const answer = await backend.get('/health/readiness');
            return answer.status === 503 ? answer : undefined;
          },
          { timeoutMs: 40_000, message: 'readiness to turn red' },
        ),
      );
      // Five seconds of calm turn it green again.
      const overloaded = await bodies(backend);
      const everything = await backend.get('/health/detailed');
      const managed = await Promise.all(['/livez', '/readyz', '/startupz'].map(managementStatus));
      // All replicas may be red at once: who still comes is served.
      const business = (await backend.get('/instruments')).status;
      await waitFor(async () => (await backend.get('/health/readiness')).status === 200, {
        timeoutMs: 20_000,
      });
      const recovered = await bodies(backend);
      const everythingRecovered = await backend.get('/health/detailed');

      expect(Object.fromEntries(red.headers)).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'retry-after': '5',
      });
      expect([red.status, red.body]).toEqual(readiness(503, 'error', allUp, {}, 'overloaded'));
      expect(overloaded).toEqual([
        [200, named('overloaded')],
        [200, alive('overloaded')],
        readiness(503, 'error', allUp, {}, 'overloaded'),
        [200, started('overloaded')],
      ]);
      expect([managed, business]).toEqual([[200, 503, 200], 200]);
      expect([everything.status, byName(everything.body)]).toEqual([
        200,
        detailedBody('error', 'overloaded', transitions.slice(0, 2)),
      ]);

      expect(recovered).toEqual([
        [200, named('serving')],
        [200, alive('serving')],
        readiness(200, 'ok', allUp, {}),
        [200, started('serving')],
      ]);
      expect([everythingRecovered.status, byName(everythingRecovered.body)]).toEqual([
        200,
        detailedBody('ok', 'serving', transitions),
      ]);
      const logged = linesWith('"from":"serving"').concat(linesWith('"from":"overloaded"'));
      expect(logged.map((line) => (JSON.parse(line) as { cause: string }).cause)).toEqual(
        transitions.slice(1).map(({ cause }) => cause),
      );
    },
  );
});
