import type { Clock } from '@app/lifecycle';

/** A clock that moves only when it is told to. */
export interface FakeClock extends Clock {
  /** Moves the time forward, in milliseconds. */
  advance(ms: number): void;
}

/** @param startMs Milliseconds since 1970-01-01 UTC that it shows first. */
export function fakeClock(startMs = 0): FakeClock {
  let now = startMs;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}
