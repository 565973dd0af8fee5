import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { logOf } from '../../support/log.js';
import { type ProbeAnswer, probing } from '../../support/probe.js';
import { runApp } from '../../support/programs.js';

const interval = { text: '2s', ms: 2_000 };
const timeout = { text: '1s', ms: 1_000 };
const retries = 3;
const downWithinMs = interval.ms + retries * (timeout.ms + 1_000);
const upWithinMs = 2_000;

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const statuses = (answers: readonly ProbeAnswer[]): unknown => [
  ...new Set(answers.map(({ status }) => status)),
];

describe('a PostgreSQL that stands still', () => {
  it('makes readiness red in its time under 200 probes a second, with liveness green, and green when it goes on', async () => {
    await using backend = await startBackend({
      ...datastores.env,
      HEALTH_CHECK_INTERVAL: interval.text,
      HEALTH_CHECK_TIMEOUT: timeout.text,
      HEALTH_CHECK_RETRIES: String(retries),
    });
    await backend.ready();
    using readiness = probing(`${backend.url}/api/v1/health/readiness`, 200);
    using liveness = probing(`${backend.url}/api/v1/health/liveness`, 200);
    await waitFor(() => readiness.answers.length > 100 && liveness.answers.length > 100);

    const { postgres } = datastores;
    const stoppedAt = performance.now();
    postgres.signal('SIGSTOP');
    const red = await waitFor(() => readiness.answers.find(({ status }) => status === 503), {
      timeoutMs: 2 * downWithinMs,
    });
    const { body } = await backend.get('/health/readiness');
    const continuedAt = performance.now();
    postgres.signal('SIGCONT');
    const green = await waitFor(() =>
      readiness.answers.find(({ status, at }) => status === 200 && at > continuedAt),
    );

    expect(body).toMatchObject({
      status: 'error',
      error: { postgres: { status: 'down', reason: 'timeout' } },
    });
    expect(red.at - stoppedAt).toBeLessThan(downWithinMs);
    expect(green.at - continuedAt).toBeLessThan(upWithinMs);
    expect([statuses(liveness.answers), liveness.unanswered, readiness.unanswered]).toEqual([[200], 0, 0]);
    const transitions = logOf(backend.process).filter(({ datastore }) => datastore === 'postgres');
    expect(transitions.map(({ from, to }) => `${from ?? ''} → ${to ?? ''}`)).toEqual([
      'down (pending) → up',
      'up → degraded (timeout)',
      'degraded (timeout) → down (timeout)',
      'down (timeout) → up',
    ]);
    expect(transitions.every(({ lastedMs }) => typeof lastedMs === 'number')).toBe(true);
    // No probe has waited for the server that does not answer.
    const slowest = Math.max(...[...readiness.answers, ...liveness.answers].map(({ tookMs }) => tookMs));
    expect(slowest).toBeLessThan(timeout.ms);
  });

  it('is seen at once when a request has failed, however long the interval', async () => {
    await using backend = await startBackend({
      ...datastores.env,
      HEALTH_CHECK_INTERVAL: '60s',
      HEALTH_CHECK_TIMEOUT: '500ms',
      HEALTH_CHECK_RETRIES: '1',
      DB_STATEMENT_TIMEOUT: '500ms',
      DB_POOL_TIMEOUT: '500ms',
    });
    await backend.ready();
    datastores.postgres.signal('SIGSTOP');
    const failed = await backend.get('/instruments/EUR-USD');
    const failedAt = performance.now();
    await waitFor(async () => (await backend.get('/health/readiness')).status === 503);
    const seenMs = performance.now() - failedAt;
    datastores.postgres.signal('SIGCONT');
    expect([failed.status, seenMs < 500 + 500]).toEqual([503, true]);
    await backend.ready();
  });
});
