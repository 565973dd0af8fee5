import { describe, expect, it } from 'vitest';
import { DatastoreStates, type DatastoreTransition } from './datastore-states.js';

describe('DatastoreStates', () => {
  it('begins with every datastore down and pending', () => {
    const states = new DatastoreStates(['redis'], { now: () => 7 });
    expect(states.get('redis')).toEqual({ status: 'down', writable: false, reason: 'pending', since: 7 });
  });

  it('keeps since and the last time it was up over findings that say the same', () => {
    let time = 0;
    const states = new DatastoreStates(['redis'], { now: () => time });
    time = 10;
    states.record('redis', { status: 'up', writable: true, latencyMs: 1 });
    time = 20;
    states.record('redis', { status: 'up', writable: true, latencyMs: 2 });
    expect(states.get('redis')).toEqual({
      status: 'up',
      writable: true,
      latencyMs: 2,
      since: 10,
      lastUpAt: 20,
    });
    time = 30;
    states.record('redis', { status: 'down', writable: false, reason: 'refused' });
    expect(states.get('redis')).toEqual({
      status: 'down',
      writable: false,
      reason: 'refused',
      since: 30,
      lastUpAt: 20,
    });
  });

  it('publishes a transition when status or reason change, and an update each time', () => {
    let time = 0;
    const states = new DatastoreStates(['redis'], { now: () => time });
    const transitions: DatastoreTransition[] = [];
    let updates = 0;
    states.onTransition((transition) => transitions.push(transition));
    states.onUpdate(() => (updates += 1));
    const reasons = ['refused', 'refused', 'timeout'] as const;
    for (const reason of reasons) {
      time += 5;
      states.record('redis', { status: 'down', writable: false, reason });
    }
    expect(updates).toBe(3);
    expect(transitions.map(({ at, lastedMs, to }) => ({ at, lastedMs, reason: to.reason }))).toEqual([
      { at: 5, lastedMs: 5, reason: 'refused' },
      { at: 15, lastedMs: 10, reason: 'timeout' },
    ]);
    expect(states.history).toEqual(transitions);
  });

  it('keeps a bounded history, the newest at its end', () => {
    let time = 0;
    const states = new DatastoreStates(['redis'], { now: () => time });
    for (time = 1; time <= 301; time += 1)
      states.record('redis', { status: 'down', writable: false, reason: time % 2 ? 'refused' : 'timeout' });
    expect([states.history.length, states.history.at(0)?.at, states.history.at(-1)?.at]).toEqual([
      100, 202, 301,
    ]);
  });

  it('throws for a datastore that is not used here', () => {
    expect(() => new DatastoreStates(['redis']).get('postgres')).toThrow(RangeError);
  });
});
