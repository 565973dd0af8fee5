import { describe, expect, it, vi } from 'vitest';
import { ApplicationState } from '../application-state.js';
import { Overload } from './overload.js';
import type { PressureSource } from './pressure-source.js';
import type { SheddingEvent } from './shedding-episode.js';

const idle = { delayMs: 0, spanMs: 20, busyMs: 0 };

function overload(random = 0.5) {
  const application = new ApplicationState();
  application.enter('serving', 'test');
  const made = new Overload(application, () => random);
  const events: SheddingEvent[] = [];
  made.onShedding((event) => events.push(event));
  const sample = (count: number, delayMs: number): void => {
    for (let turn = 0; turn < count; turn += 1)
      made.sample({ delayMs, spanMs: delayMs + 20, busyMs: delayMs });
  };
  return { application, made, events, sample };
}

const disk = (reading: number): PressureSource => ({ name: 'disk', read: () => reading });

describe('Overload', () => {
  it('lets everything in while nothing is under pressure', () => {
    const { made, sample } = overload(0);
    made.register(disk(0.7));
    sample(100, 90);
    expect([made.admits('with-body'), made.admits('without-body')]).toEqual([true, true]);
    expect(made.report).toEqual({
      shedding: false,
      eventLoopDelayMs: 0,
      pressure: { disk: 0.7 },
      refusing: { 'with-body': 0, 'without-body': 0 },
      bodies: { heldBytes: 0, limitBytes: null },
      admitted: 2,
      refused: {},
    });
  });

  it('refuses by the cause that calls for most, bodies first, and counts', () => {
    const { made, sample } = overload();
    made.register(disk(0.85));
    sample(1, 0);
    const admitted = [made.admits('with-body'), made.admits('without-body')];
    sample(2, 1_500);
    admitted.push(made.admits('with-body'), made.admits('without-body'));
    expect(admitted).toEqual([false, true, false, false]);
    expect(made.report).toMatchObject({ admitted: 1, refused: { disk: 2, event_loop_delay: 1 } });
  });

  it('refuses only a share', () => {
    const { made, sample } = overload(0.99);
    sample(20, 5_000);
    expect(made.admits('without-body')).toBe(true);
  });

  it('tells when refusing begins, and when it has been over for 5 s', () => {
    const { made, events, sample } = overload();
    made.register(disk(0.2));
    sample(2, 500);
    for (let request = 0; request < 3; request += 1) made.admits('with-body');
    sample(1, 500);
    made.admits('with-body');
    sample(100, 0);
    made.admits('with-body');
    expect(events).toHaveLength(1);
    sample(160, 0);
    expect(events).toEqual([
      { shedding: true, cause: 'event loop delay 500 ms, disk at 20 %' },
      { shedding: false, lastedMs: 20, refused: 4, admitted: 1 },
    ]);
  });

  it('refuses a body that finds no room in the memory, also later, and says how full it is', () => {
    const { made, events, sample } = overload(0);
    const look = vi.fn<() => void>();
    made.limitBodies(() => ({ together: 4 * 2 ** 20, alone: 4 * 2 ** 20, ever: 8 * 2 ** 20 }), look);
    const body = made.admitsBody(3 * 2 ** 20);
    expect([made.admitsBody(2 * 2 ** 20), made.admits('without-body')]).toEqual([undefined, true]);
    expect([body?.settle(6 * 2 ** 20), body?.settle(9 * 2 ** 20)]).toEqual(['no-room', 'never']);
    sample(1, 0);
    expect(made.report).toMatchObject({ admitted: 2, refused: { request_bodies: 2 } });
    expect(look).toHaveBeenCalledTimes(2);
    expect(events).toEqual([
      { shedding: true, cause: 'event loop delay 0 ms, request bodies hold 3.0 of 4.0 MB' },
    ]);
    body?.release();
    expect(made.bodyBytes).toBe(0);
  });

  it('refuses a body for anything else as well, and then holds nothing for it', () => {
    const { made, sample } = overload();
    made.register(disk(0.85));
    sample(1, 0);
    expect([made.admitsBody(1), made.bodyBytes]).toEqual([undefined, 0]);
    expect(made.report.refused).toEqual({ disk: 1 });
  });

  it('changes the phase for a delay that stays, and back', () => {
    const { application, sample } = overload();
    sample(12, 1_100);
    const during = application.phase;
    sample(300, 0);
    expect([during, application.phase]).toEqual(['overloaded', 'serving']);
  });

  it('leaves the phase alone when the process starts or ends', () => {
    const { application, sample } = overload();
    application.enter('draining', 'SIGTERM');
    sample(20, 2_000);
    expect(application.phase).toBe('draining');
  });

  it('measures between start and stop, also a source that comes later', () => {
    const { made } = overload();
    const calls: string[] = [];
    const source: PressureSource = {
      name: 'disk',
      read: () => 0,
      start: () => calls.push('start'),
      stop: () => calls.push('stop'),
    };
    made.start();
    made.register(source);
    made.stop();
    made.sample(idle);
    expect(calls).toEqual(['start', 'stop']);
  });

  it.each(['disk', 'event_loop_delay', 'request_bodies'])('refuses the name %s when it is taken', (name) => {
    const { made } = overload();
    made.register(disk(0));
    expect(() => made.register({ name, read: () => 0 })).toThrow(RangeError);
  });
});
