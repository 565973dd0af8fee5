import { DatastoreStates } from '@app/lifecycle';
import { fakeClock } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { collected } from './collected.fixture.js';
import { datastoreStatesCollector } from './datastore-states.collector.js';

describe('datastoreStatesCollector', () => {
  it('shows what the last check has found, in seconds, and what it is', () => {
    const states = new DatastoreStates(['redis'], fakeClock(5_000));
    const collector = datastoreStatesCollector(states, ['redis']);
    const message = 'connect to redis://user:secret@10.0.0.1';
    states.record('redis', { status: 'up', writable: true, lastCheckedAt: 5_000, latencyMs: 1.25 });
    states.record('redis', {
      status: 'degraded',
      writable: false,
      reason: 'read_only',
      lastCheckedAt: 6_500,
      latencyMs: 1.25,
      message,
    });
    expect(collected(collector)).toEqual([
      'datastore_status{datastore="redis",status="up"} 0',
      'datastore_status{datastore="redis",status="degraded"} 1',
      'datastore_status{datastore="redis",status="down"} 0',
      'datastore_failure_reason{datastore="redis",reason="read_only"} 1',
      'datastore_writable{datastore="redis"} 0',
      'datastore_critical{datastore="redis"} 1',
      'datastore_status_transitions_total{datastore="redis",status="up"} 1',
      'datastore_status_transitions_total{datastore="redis",status="degraded"} 1',
      'datastore_status_transitions_total{datastore="redis",status="down"} 0',
      'datastore_ping_duration_seconds{datastore="redis"} 0.00125',
      'datastore_last_check_timestamp_seconds{datastore="redis"} 6.5',
      'datastore_last_up_timestamp_seconds{datastore="redis"} 5',
    ]);
  });

  it('has no time before the first check, and no reason of one that is up', () => {
    const states = new DatastoreStates(['postgres', 'influxdb'], fakeClock());
    states.record('influxdb', { status: 'up', writable: true });
    const lines = collected(datastoreStatesCollector(states, ['postgres'])).filter((line) =>
      /reason|seconds|critical/.test(line),
    );
    expect(lines).toEqual([
      'datastore_failure_reason{datastore="postgres",reason="pending"} 1',
      'datastore_critical{datastore="postgres"} 1',
      'datastore_critical{datastore="influxdb"} 0',
      'datastore_last_up_timestamp_seconds{datastore="influxdb"} 0',
    ]);
  });

  it('counts no transition where only the reason has changed', () => {
    const states = new DatastoreStates(['redis'], fakeClock());
    const collector = datastoreStatesCollector(states, []);
    for (const reason of ['refused', 'timeout', 'dns'] as const)
      states.record('redis', { status: 'down', writable: false, reason });
    states.record('redis', { status: 'up', writable: true });
    states.record('redis', { status: 'down', writable: false, reason: 'refused' });
    expect(collected(collector, 'datastore_status_transitions')).toEqual([
      'datastore_status_transitions_total{datastore="redis",status="up"} 1',
      'datastore_status_transitions_total{datastore="redis",status="degraded"} 0',
      'datastore_status_transitions_total{datastore="redis",status="down"} 1',
    ]);
  });
});
