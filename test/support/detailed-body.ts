import { expect } from 'vitest';
import { done, number, time } from './health-bodies.js';

const numbers = (...names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, number]));
const text: unknown = expect.any(String);

const entry = (facts: object, stats: readonly string[]) => ({
  status: 'up',
  since: time,
  lastUpAt: time,
  lastCheckedAt: time,
  nextCheckAt: time,
  writable: true,
  latencyMs: number,
  version: text,
  facts,
  stats: numbers(...stats),
});

/** The datastores of a development service, all of them well. */
const datastores = {
  postgres: entry({ inRecovery: false, connections: number, maxConnections: 100 }, [
    'total',
    'idle',
    'inUse',
    'waiting',
    'size',
    'max',
    'opened',
    'recycled',
    'discarded',
    'prePings',
    'timedOut',
  ]),
  redis: entry(
    { role: 'master', appendonly: true, maxmemory: 0, maxmemory_policy: 'noeviction', maxclients: number },
    ['connectionsOpen', 'connectionsMax', 'leased', 'inFlight', 'reconnects'],
  ),
  influxdb: entry({ api: 'v1', databaseThere: true }, [
    'inFlight',
    'writes',
    'queries',
    'linesWritten',
    'failures',
  ]),
};

const found = (datastore: string): object => ({
  at: time,
  datastore,
  from: { status: 'down', reason: 'pending' },
  to: { status: 'up', reason: null },
  lastedMs: number,
});

/** The whole body of `detailed` of a started development service whose datastores have all been well all the time. */
export const detailedBody = (
  status: string,
  phase: string,
  transitions: readonly { readonly from: string; readonly to: string; readonly cause: unknown }[],
): object => ({
  status,
  phase,
  info: datastores,
  error: {},
  details: datastores,
  critical: ['postgres', 'redis'],
  application: { name: 'trading-backend', pid: number, uptime: number, since: time },
  startup: { started: true, phases: ['validate', 'wait_for_init', 'preflight', 'serve'].map(done) },
  shutdown: {
    drainDelayMs: 0,
    timeoutMs: 10_000,
    steps: {
      'end-streams': ['quote streams'],
      flush: ['trade writer'],
      close: ['postgres', 'redis', 'influxdb'],
    },
  },
  transitions: {
    application: transitions.map((transition) => ({ at: time, ...transition, lastedMs: number })),
    // In the order of their names; see `byName`.
    datastores: ['influxdb', 'postgres', 'redis'].map(found),
  },
  build: { version: text, commit: expect.toBeOneOf([null, text]), node: process.version },
  memory: {
    ...numbers('rss', 'heapUsed', 'external', 'heapLimit'),
    containerLimit: expect.toBeOneOf([null, number]),
  },
  eventLoop: numbers('meanMs', 'p99Ms', 'maxMs'),
  overload: {
    shedding: expect.any(Boolean),
    eventLoopDelayMs: number,
    pressure: numbers('heap', 'memory'),
    refusing: numbers('with-body', 'without-body'),
    admitted: number,
    refused: expect.any(Object),
    bodies: { heldBytes: 0, limitBytes: number },
  },
  // The process that serves alone.
  workers: [
    {
      number: 1,
      pid: number,
      state: phase,
      uptime: number,
      restarts: 0,
      memory: numbers('rss', 'heapUsed'),
      eventLoop: numbers('meanMs', 'p99Ms', 'maxMs'),
      pools: Object.fromEntries(Object.entries(datastores).map(([name, { stats }]) => [name, stats])),
    },
  ],
});

/** A body of `detailed` with the transitions of the datastores in the order of their names, which is not that of time. */
export function byName(body: unknown): unknown {
  const { transitions, ...rest } = body as {
    readonly transitions: { readonly datastores: readonly { readonly datastore: string }[] };
  };
  const datastores = transitions.datastores.toSorted((a, b) => (a.datastore < b.datastore ? -1 : 1));
  return { ...rest, transitions: { ...transitions, datastores } };
}
