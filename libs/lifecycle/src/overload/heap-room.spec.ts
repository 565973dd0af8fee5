import { describe, expect, it } from 'vitest';
import { HeapRoom } from './heap-room.js';

/** A heap of 100 bytes, of which 40 are used at first. */
function room() {
  const looks: ((liveBytes: number) => void)[] = [];
  const heap = {
    limitBytes: 100,
    usedBytes: 40,
    onCollection: (listener: (liveBytes: number) => void) => {
      looks.push(listener);
      return () => undefined;
    },
  };
  const state = { held: 0 };
  const made = new HeapRoom(heap, () => state.held);
  /** A major collection while bodies hold so much, after which so much lives. */
  const collect = (live: number, held: number): void => {
    state.held = held;
    for (const look of looks) look(live);
  };
  const rounded = (): number[] => Object.values(made.read()).map(Math.round);
  return { heap, collect, rounded };
}

describe('HeapRoom', () => {
  it('takes all that is used for the application before the first collection', () => {
    expect(room().rounded()).toEqual([30, 45, 45]);
  });

  it('is what lives without bodies, up to a part of the limit', () => {
    const { collect, rounded } = room();
    collect(20, 4);
    expect(rounded()).toEqual([50, 65, 65]);
  });

  it('does not take bodies for the application', () => {
    const { collect, rounded } = room();
    collect(20, 0);
    collect(60, 30);
    expect(rounded()).toEqual([40, 55, 65]);
    collect(30, 30);
    expect(rounded()).toEqual([40, 55, 65]);
  });

  it('is less while more lives, but for what is told to be too large for ever', () => {
    const { collect, rounded } = room();
    collect(20, 0);
    collect(80, 0);
    expect(rounded()).toEqual([0, 5, 65]);
    collect(20, 0);
    expect(rounded()).toEqual([50, 65, 65]);
  });

  it('follows a limit that sinks', () => {
    const { heap, rounded } = room();
    heap.limitBytes = 60;
    expect(rounded()).toEqual([2, 11, 11]);
  });
});
