import { expect, it } from 'vitest';
import { fakeClock } from './fake-clock.js';

it('fakeClock moves only when it is told to', () => {
  const clock = fakeClock(1000);
  const times = [clock.now(), clock.now()];
  clock.advance(250);
  expect([...times, clock.now()]).toEqual([1000, 1000, 1250]);
});
