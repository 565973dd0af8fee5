import { waitFor } from '@app/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
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
  backend = await startBackend({ ...datastores.env, LOG_LEVEL: 'info' });
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
      const phases = async (): Promise<string[]> =>
        (await detailed()).transitions.application.map(({ to }) => to);
      const red = await stalling(backend.process, { stallMs: 1_300, breathMs: 60 }, () =>
        waitFor(
          async () => {
            const readiness = await backend.get('/health/readiness');
            return readiness.status === 503 ? readiness : undefined;
          },
          { timeoutMs: 40_000, message: 'readiness to turn red' },
        ),
      );
      expect(red.body).toMatchObject({ status: 'error', phase: 'overloaded' });
      expect(red.headers.has('retry-after')).toBe(true);
      expect((await backend.get('/health/liveness')).status).toBe(200);
      // All replicas may be red at once: who still comes is served.
      expect((await backend.get('/instruments')).status).toBe(200);

      await waitFor(async () => (await backend.get('/health/readiness')).status === 200, {
        timeoutMs: 20_000,
      });
      expect(await phases()).toEqual(['serving', 'overloaded', 'serving']);
      const logged = linesWith('"from":"serving"').concat(linesWith('"from":"overloaded"'));
      expect(logged.map((line) => (JSON.parse(line) as { level: string; cause: string }).cause)).toEqual([
        expect.stringMatching(/^event loop delay above 1000 ms for 1\d\.\d s, now 1\d{3} ms$/),
        expect.stringMatching(/^event loop delay below 500 ms for 5\.\d s, at most \d+ ms$/),
      ]);
    },
  );
});
