import { EventEmitter } from 'node:events';
import { fakeClock } from '@app/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenForShutdown } from './shutdown-request.js';

afterEach(() => void vi.useRealTimers());

function listen(isAbandoned = () => false) {
  const signals = new EventEmitter();
  const clock = fakeClock();
  const request = listenForShutdown({ signals, now: () => clock.now(), isAbandoned });
  const repeats: number[] = [];
  request.onRepeat(() => repeats.push(clock.now()));
  return { signals, clock, request, repeats };
}

describe('listenForShutdown', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('takes %s as the wish to end', (name) => {
    const { signals, request } = listen();
    expect(request.signal.aborted).toBe(false);
    signals.emit(name);
    expect(request.signal.aborted).toBe(true);
    request.close();
  });

  it('takes a second signal within a second for the first one, and a later one for a repetition', () => {
    const { signals, clock, request, repeats } = listen();
    for (const ms of [0, 10, 989, 1, 500]) {
      clock.advance(ms);
      signals.emit('SIGINT');
    }
    expect(repeats).toEqual([1000, 1500]);
    request.close();
  });

  it('ends with those for whom it runs', () => {
    vi.useFakeTimers();
    let abandoned = false;
    const { request } = listen(() => abandoned);
    vi.advanceTimersByTime(2_000);
    expect(request.signal.aborted).toBe(false);
    abandoned = true;
    vi.advanceTimersByTime(500);
    expect(request.signal.aborted).toBe(true);
    request.close();
  });

  it('leaves no listener behind', () => {
    const { signals, request } = listen();
    request.close();
    expect(signals.eventNames()).toEqual([]);
  });
});
