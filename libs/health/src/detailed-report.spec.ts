import { waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { healthApplication } from './health-application.fixture.js';
import { HealthSections } from './health-sections.js';

describe('DetailedReport', () => {
  it('shows everything but secrets in detailed', async () => {
    await using made = await healthApplication();
    const { ask, app, lifecycle, postgres } = made;
    postgres.behave('refused');
    await waitFor(() => lifecycle.datastores.get('postgres').status === 'down');
    const sections = app.get(HealthSections);
    sections.register('workers', () => Promise.resolve({ ready: 2 }));
    sections.register('settings', () => ({ note: 'the password is database-password' }));
    sections.register('broken', () => {
      throw new Error('broken');
    });
    const answer = await ask('/detailed');
    const body = answer.json<Record<string, unknown>>();
    const number: unknown = expect.any(Number);
    const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const upEntry = {
      status: 'up',
      since: time,
      lastUpAt: time,
      lastCheckedAt: time,
      nextCheckAt: time,
      writable: true,
      latencyMs: number,
      stats: { pings: number },
    };
    const downEntry = {
      ...upEntry,
      status: 'down',
      reason: 'refused',
      writable: false,
      message: 'connect to postgres://user:[redacted]@10.0.0.1 failed: refused',
    };
    const phase = { startedAt: null, durationMs: null, status: 'pending' };
    const came = {
      at: time,
      from: { status: 'down', reason: 'pending' },
      to: { status: 'up', reason: null },
      lastedMs: number,
    };
    expect([answer.statusCode, body]).toEqual([
      200,
      {
        status: 'error',
        phase: 'serving',
        info: { redis: upEntry, influxdb: upEntry },
        error: { postgres: downEntry },
        details: { postgres: downEntry, redis: upEntry, influxdb: upEntry },
        critical: ['postgres', 'redis'],
        application: { name: 'trading-backend', pid: process.pid, uptime: number, since: time },
        startup: {
          started: false,
          phases: ['validate', 'wait_for_init', 'preflight', 'serve'].map((name) => ({ name, ...phase })),
        },
        shutdown: { drainDelayMs: 0, timeoutMs: 10_000, steps: { 'end-streams': [], flush: [], close: [] } },
        transitions: {
          application: [{ at: time, from: 'starting', to: 'serving', lastedMs: number, cause: 'test' }],
          datastores: [
            { ...came, datastore: 'postgres' },
            { ...came, datastore: 'redis' },
            { ...came, datastore: 'influxdb' },
            {
              at: time,
              datastore: 'postgres',
              from: { status: 'up', reason: null },
              to: { status: 'degraded', reason: 'refused' },
              lastedMs: number,
            },
            {
              at: time,
              datastore: 'postgres',
              from: { status: 'degraded', reason: 'refused' },
              to: { status: 'down', reason: 'refused' },
              lastedMs: number,
            },
          ],
        },
        build: { version: '1.2.3', commit: 'abc', node: process.version },
        memory: { rss: number, heapUsed: number, external: number, heapLimit: number, containerLimit: null },
        eventLoop: { meanMs: number, p99Ms: number, maxMs: number },
        overload: {
          shedding: false,
          eventLoopDelayMs: number,
          pressure: {},
          refusing: { 'with-body': 0, 'without-body': 0 },
          admitted: number,
          refused: {},
          bodies: { heldBytes: 0, limitBytes: null },
        },
        workers: { ready: 2 },
        settings: { note: 'the password is [redacted]' },
        broken: null,
      },
    ]);
    expect(answer.body).not.toMatch(/database-password|user:pass|a key for tests/);
  });
});
