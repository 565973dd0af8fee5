import { describe, expect, it } from 'vitest';
import { MemoryPressure } from './memory-pressure.js';

const mib = 2 ** 20;

describe('MemoryPressure', () => {
  it.each([
    // limit, held, reading
    [256, 0, 0],
    [256, 128, 0],
    [256, 192, 0.5],
    [256, 224, 0.75],
    [256, 256, 1],
    [512, 384, 0.5],
    [512, 512, 1],
    [16_384, 15_000, 0],
    [16_384, 16_156, 0.75],
  ])('of %d MB with %d MB held reads %d', (limit, held, reading) => {
    const source = new MemoryPressure(() => ({ limitBytes: limit * mib, heldBytes: held * mib }));
    expect(source.read()).toBeCloseTo(reading, 2);
  });

  it('reads nothing where there is no limit', () => {
    expect(new MemoryPressure(() => undefined).read()).toBe(0);
  });

  it('looks at most four times a second', () => {
    const clock = { ms: 0, looks: 0 };
    const source = new MemoryPressure(
      () => {
        clock.looks += 1;
        return { limitBytes: 100 * mib, heldBytes: clock.looks * 10 * mib };
      },
      () => clock.ms,
    );
    for (; clock.ms < 1_000; clock.ms += 5) source.read();
    expect(clock.looks).toBe(4);
  });
});
