import type { DatastoreName } from '@app/errors';
import { type ApplicationPhase, type DatastoreFinding, Lifecycle } from '@app/lifecycle';
import { fakeClock } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { type HealthAnswer, HealthAnswers } from './health-answers.js';

const start = Date.parse('2026-11-24T08:00:00.000Z');
const up: DatastoreFinding = { status: 'up', writable: true, latencyMs: 1, version: '18.1' };
const refused: DatastoreFinding = {
  status: 'down',
  writable: false,
  reason: 'refused',
  message: 'connect ECONNREFUSED 10.0.0.1:5432',
  lastCheckedAt: start + 5_000,
  nextCheckAt: start + 6_000,
};
const readOnly: DatastoreFinding = { ...refused, status: 'degraded', reason: 'read_only' };

const pendingEntry = {
  status: 'down',
  reason: 'pending',
  since: '2026-11-24T08:00:00.000Z',
  lastUpAt: null,
  nextCheckAt: null,
};
const refusedEntry = {
  status: 'down',
  reason: 'refused',
  since: '2026-11-24T08:00:05.000Z',
  lastUpAt: '2026-11-24T08:00:00.000Z',
  nextCheckAt: '2026-11-24T08:00:06.000Z',
};
const readOnlyEntry = { ...refusedEntry, status: 'degraded', reason: 'read_only' };
const upEntry = { status: 'up' };

function prepared() {
  const clock = fakeClock(start);
  const lifecycle = new Lifecycle(['postgres', 'redis', 'influxdb'], clock);
  const answers = new HealthAnswers(lifecycle, {
    name: 'trading-backend',
    version: '1.2.3',
    critical: ['postgres', 'redis'],
    intervalMs: 9_500,
    uptime: () => 12.9,
  });
  return { clock, lifecycle, answers };
}

const ways: Readonly<Record<ApplicationPhase, readonly ApplicationPhase[]>> = {
  starting: [],
  serving: ['serving'],
  overloaded: ['serving', 'overloaded'],
  draining: ['serving', 'draining'],
  stopped: ['serving', 'draining', 'stopped'],
};

/** Takes the process to a phase; all datastores come up, and some then change. */
function inPhase(phase: ApplicationPhase, changes: Partial<Record<DatastoreName, DatastoreFinding>> = {}) {
  const made = prepared();
  for (const name of made.lifecycle.datastores.names) made.lifecycle.datastores.record(name, up);
  made.clock.advance(5_000);
  for (const step of ways[phase]) made.lifecycle.application.enter(step, 'test');
  for (const name of made.lifecycle.datastores.names) {
    const change = changes[name];
    if (change !== undefined) made.lifecycle.datastores.record(name, change);
  }
  return made;
}

const seen = ({ status, headers, body }: HealthAnswer): unknown => ({
  status,
  headers,
  body: JSON.parse(body) as unknown,
});

const okHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
const headers = { 200: okHeaders, 503: { ...okHeaders, 'retry-after': '10' } };
const allUp = { postgres: upEntry, redis: upEntry, influxdb: upEntry };

describe('HealthAnswers', () => {
  it.each<[ApplicationPhase, string, string, 200 | 503]>([
    ['starting', 'starting', 'error', 503],
    ['serving', 'serving', 'ok', 200],
    ['overloaded', 'overloaded', 'error', 503],
    ['draining', 'draining', 'shutting_down', 503],
    ['stopped', 'draining', 'shutting_down', 503],
  ])('answers readiness while %s with all datastores up', (inside, phase, status, code) => {
    const body = { status, phase, info: allUp, error: {}, details: allUp };
    expect(seen(inPhase(inside).answers.readiness())).toEqual({ status: code, headers: headers[code], body });
  });

  it.each<[string, Partial<Record<DatastoreName, DatastoreFinding>>, string, 200 | 503, object, object]>([
    [
      'a critical datastore is down',
      { postgres: refused },
      'error',
      503,
      { redis: upEntry, influxdb: upEntry },
      { postgres: refusedEntry },
    ],
    [
      'a datastore that is not critical is down',
      { influxdb: refused },
      'degraded',
      200,
      { postgres: upEntry, redis: upEntry },
      { influxdb: refusedEntry },
    ],
    [
      'a critical datastore is degraded',
      { postgres: readOnly },
      'degraded',
      200,
      { postgres: readOnlyEntry, redis: upEntry, influxdb: upEntry },
      {},
    ],
  ])('answers readiness while %s', (_, changes, status, code, info, error) => {
    const body = { status, phase: 'serving', info, error, details: { ...info, ...error } };
    expect(seen(inPhase('serving', changes).answers.readiness())).toEqual({
      status: code,
      headers: headers[code],
      body,
    });
  });

  it('answers readiness before the first check', () => {
    const entries = { postgres: pendingEntry, redis: pendingEntry, influxdb: pendingEntry };
    expect(seen(prepared().answers.readiness())).toEqual({
      status: 503,
      headers: headers[503],
      body: { status: 'error', phase: 'starting', info: {}, error: entries, details: entries },
    });
  });

  it.each<[ApplicationPhase, string]>([
    ['starting', 'starting'],
    ['serving', 'serving'],
    ['overloaded', 'overloaded'],
    ['draining', 'draining'],
    ['stopped', 'draining'],
  ])('answers liveness and health while %s with 200, whatever the datastores do', (inside, phase) => {
    const { answers } = inPhase(inside, { postgres: refused, redis: refused });
    const body = { status: 'ok', phase, info: {}, error: {}, details: {} };
    expect([seen(answers.liveness()), seen(answers.health())]).toEqual([
      { status: 200, headers: okHeaders, body },
      {
        status: 200,
        headers: okHeaders,
        body: { ...body, name: 'trading-backend', version: '1.2.3', uptime: 12 },
      },
    ]);
  });

  it('answers startup with the phases and what is waited for, and 200 once started', async () => {
    const { answers, lifecycle, clock } = prepared();
    const { startup } = lifecycle;
    await startup.run('validate', () => clock.advance(20));
    let during: unknown;
    await startup.run('wait_for_init', () => {
      startup.waitingFor('wait_for_init', ['postgres (refused)']);
      clock.advance(1_000);
      during = seen(answers.startup());
    });
    await startup.run('preflight', () => undefined);
    await startup.run('serve', () => undefined);
    const common = { phase: 'starting', info: {}, error: {}, details: {} };
    const at = (ms: number): string => new Date(start + ms).toISOString();
    expect([during, seen(answers.startup())]).toEqual([
      {
        status: 503,
        headers: headers[503],
        body: {
          ...common,
          status: 'error',
          phases: [
            { name: 'validate', status: 'done', startedAt: at(0), durationMs: 20 },
            { name: 'wait_for_init', status: 'running', startedAt: at(20), durationMs: 1_000 },
            { name: 'preflight', status: 'pending', startedAt: null, durationMs: null },
            { name: 'serve', status: 'pending', startedAt: null, durationMs: null },
          ],
          waitingFor: ['postgres (refused)'],
        },
      },
      {
        status: 200,
        headers: okHeaders,
        body: {
          ...common,
          status: 'ok',
          phases: [
            { name: 'validate', status: 'done', startedAt: at(0), durationMs: 20 },
            { name: 'wait_for_init', status: 'done', startedAt: at(20), durationMs: 1_000 },
            { name: 'preflight', status: 'done', startedAt: at(1_020), durationMs: 0 },
            { name: 'serve', status: 'done', startedAt: at(1_020), durationMs: 0 },
          ],
          waitingFor: [],
        },
      },
    ]);
  });

  it.each([
    ['/api/v1/health', 'health'],
    ['/api/v1/health/', 'health'],
    ['/api/v1/health/liveness', 'liveness'],
    ['/api/v1/health/liveness/', 'liveness'],
    ['/api/v1/health/readiness', 'readiness'],
    ['/api/v1/health/readiness/', 'readiness'],
    ['/api/v1/health/startup', 'startup'],
    ['/api/v1/health/startup/', 'startup'],
  ] as const)('has at %s the answer of %s', (path, name) => {
    const { answers } = prepared();
    expect(answers.at(path)).toEqual(answers[name]());
  });

  it.each(['/', '', '/api/v1/health/detailed', '/api/v1/healthy', '/api/v1/health//', '/api/v1/instruments'])(
    'has no answer at "%s"',
    (path) => {
      expect(prepared().answers.at(path)).toBeUndefined();
    },
  );

  it('gives the same bytes for each request while nothing changes', () => {
    const { answers } = inPhase('serving');
    expect(answers.readiness()).toBe(answers.readiness());
  });

  it('asks to wait a second at least', () => {
    const lifecycle = new Lifecycle(['postgres']);
    const answers = new HealthAnswers(lifecycle, { name: 'a', version: '1', critical: [], intervalMs: 200 });
    expect(answers.readiness().headers['retry-after']).toBe('1');
  });
});
