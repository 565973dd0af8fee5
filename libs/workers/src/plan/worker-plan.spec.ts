import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullMb, leastLimitMb } from './memory-demand.js';
import { leastOldSpaceMb, workerMb } from './memory-model.js';
import { planWorkers, type WorkerPlanInput } from './worker-plan.js';

const mib = 2 ** 20;

interface Container {
  readonly limitMb?: number | undefined;
  readonly cpuCores?: number | undefined;
}

function input(
  asked: number | 'auto',
  { limitMb, cpuCores }: Container,
  rest: Partial<Omit<WorkerPlanInput, 'asked' | 'limits'>> = {},
): WorkerPlanInput {
  const limitBytes = limitMb === undefined ? undefined : limitMb * mib;
  const memory = { limitBytes, usageBytes: undefined, workingSetBytes: undefined, oomKills: undefined };
  return { asked, headroomPercent: 25, limits: { memory, cpuCores }, parallelism: 8, flags: [], ...rest };
}

const plan = (...args: Parameters<typeof input>) => planWorkers(input(...args));

describe('planWorkers', () => {
  it.each<[Container, number, string]>([
    [{ limitMb: 256, cpuCores: 0.5 }, 1, '84/4'],
    [{ limitMb: 256, cpuCores: 2 }, 1, '84/4'],
    [{ limitMb: 512, cpuCores: 0.5 }, 1, '288/16'],
    [{ limitMb: 512, cpuCores: 2 }, 2, '128/8'],
    [{ limitMb: 1024, cpuCores: 0.5 }, 1, '624/32'],
    [{ limitMb: 1024, cpuCores: 4 }, 4, '132/8'],
    [{ limitMb: 1024 }, 6, '81/4'],
    [{ limitMb: 4096 }, 8, '302/16'],
    [{ cpuCores: 0.5 }, 1, 'of V8'],
    [{ cpuCores: 2 }, 2, 'of V8'],
    [{}, 8, 'of V8'],
  ])('makes of `auto` in %o %i with a heap of %s MB', (container, workers, heap) => {
    const { heap: planned, ...rest } = plan('auto', container);
    const size =
      planned === undefined ? 'of V8' : `${String(planned.oldSpaceMb)}/${String(planned.semiSpaceMb)}`;
    expect([rest.workers, size, rest.supervised]).toEqual([workers, heap, true]);
  });

  it.each([
    [0.1, 1],
    [1, 1],
    [1.5, 1],
    [1.999, 1],
    [2, 2],
    [3.5, 3],
    [100, 8],
  ])('makes one for each whole processor of a quota of %d, as far as there are such', (cpuCores, workers) => {
    expect(plan('auto', { cpuCores }).workers).toBe(workers);
  });

  it('makes at most 64 of `auto`', () => {
    expect(plan('auto', {}, { parallelism: 128 }).workers).toBe(64);
  });

  it('bounds the old space and the young generation, which no flag names', () => {
    expect(plan('auto', { limitMb: 512, cpuCores: 2 }).heapFlags).toEqual([
      '--max-old-space-size=128',
      '--max-semi-space-size=8',
    ]);
  });

  it('leaves a heap without a memory limit to V8', () => {
    expect(plan(2, {})).toEqual({
      workers: 2,
      supervised: true,
      heap: undefined,
      heapFlags: [],
      memoryShareBytes: undefined,
      notes: [],
    });
  });

  it('says what was lowered, why, and what memory the others need', () => {
    expect(plan('auto', { limitMb: 512, cpuCores: 4 }).notes).toEqual([
      'WORKER_PROCESSES=auto starts 3 workers instead of 4: the memory limit is 512 MB, and 4 with a heap of 64 MB each need 608 MB.',
    ]);
    expect(plan('auto', { limitMb: 608, cpuCores: 4 })).toMatchObject({ workers: 4, notes: [] });
  });

  it('keeps an explicit number, with the least heap where it does not fit', () => {
    expect(plan(8, { limitMb: 512, cpuCores: 2 })).toMatchObject({
      workers: 8,
      heap: { oldSpaceMb: leastOldSpaceMb },
      notes: [],
    });
  });

  it('needs no room for a supervisor and for rolls with an explicit 1', () => {
    const alone = plan(1, { limitMb: 256 });
    expect(alone.supervised).toBe(false);
    expect(alone.heap).toEqual({ oldSpaceMb: 136, semiSpaceMb: 8 });
    expect(alone.memoryShareBytes).toBe(256 * mib);
  });

  it('leaves more free where more is asked for', () => {
    const heapOf = (headroomPercent: number) =>
      plan(2, { limitMb: 1024 }, { headroomPercent }).heap?.oldSpaceMb;
    expect([heapOf(5), heapOf(25), heapOf(50), heapOf(75)]).toEqual([368, 296, 192, 76]);
  });

  it.each<[string, readonly string[], object, readonly string[]]>([
    [
      'an old space, and bounds the young generation',
      ['--max-old-space-size=100'],
      { workers: 2, heap: { oldSpaceMb: 100, semiSpaceMb: 4 } },
      ['--max-semi-space-size=4'],
    ],
    [
      'an old space that leaves room for one alone',
      ['--max-old-space-size=300'],
      { workers: 1, heap: { oldSpaceMb: 300, semiSpaceMb: 16 } },
      ['--max-semi-space-size=16'],
    ],
    [
      'semi-spaces',
      ['--max_semi_space_size=2'],
      { workers: 2, heap: { oldSpaceMb: 146, semiSpaceMb: 2 } },
      ['--max-old-space-size=146'],
    ],
    [
      'both',
      ['--max-old-space-size=100', '--max-semi-space-size=2'],
      { workers: 2, heap: { oldSpaceMb: 100, semiSpaceMb: 2 } },
      [],
    ],
    [
      'a percentage, which counts before a size',
      ['--max-old-space-size=99', '--max-old-space-size-percentage=20'],
      { workers: 2, heap: { oldSpaceMb: 102, semiSpaceMb: 4 } },
      ['--max-semi-space-size=4'],
    ],
    [
      'a heap as a whole, which V8 does not take together with its parts',
      ['--max-heap-size=150'],
      { workers: 2, heap: { oldSpaceMb: 150, semiSpaceMb: 0 } },
      [],
    ],
  ])('keeps what flags say: %s', (_what, flags, planned, heapFlags) => {
    const made = plan('auto', { limitMb: 512, cpuCores: 2 }, { flags });
    expect(made).toMatchObject(planned);
    expect(made.heapFlags).toEqual(heapFlags);
  });

  const inputs = fc.record({
    asked: fc.oneof(fc.constant<'auto'>('auto'), fc.integer({ min: 1, max: 64 })),
    limitMb: fc.integer({ min: 16, max: 65_536 }),
    cpuCores: fc.option(fc.double({ min: 0.05, max: 64, noNaN: true }), { nil: undefined }),
    headroomPercent: fc.integer({ min: 5, max: 75 }),
    oldSpaceMb: fc.option(fc.integer({ min: 16, max: 8_192 }), { nil: undefined }),
  });

  it('plans the same again for a worker that has the planned flags', () => {
    fc.assert(
      fc.property(inputs, ({ asked, oldSpaceMb, headroomPercent, ...container }) => {
        const flags = oldSpaceMb === undefined ? [] : [`--max-old-space-size=${String(oldSpaceMb)}`];
        const first = plan(asked, container, { headroomPercent, flags });
        const again = plan(asked, container, { headroomPercent, flags: [...flags, ...first.heapFlags] });
        expect({ workers: again.workers, heap: again.heap, share: again.memoryShareBytes }).toEqual({
          workers: first.workers,
          heap: first.heap,
          share: first.memoryShareBytes,
        });
      }),
    );
  });

  it('makes heaps of its own that leave the headroom free, and a new worker besides during a roll', () => {
    fc.assert(
      fc.property(inputs, ({ asked, headroomPercent, limitMb, cpuCores }) => {
        const { workers, supervised, heap } = plan(asked, { limitMb, cpuCores }, { headroomPercent });
        if (heap === undefined) throw new TypeError('There is a limit, but no heap.');
        // Where the limit carries no more than the least heap, there is nothing left to divide.
        fc.pre(heap.oldSpaceMb > leastOldSpaceMb);
        const crew = { workers, supervised, headroomPercent };
        const code = 48;
        const takenMb = fullMb(crew, heap) - code;
        expect(takenMb * 100).toBeLessThanOrEqual(limitMb * (100 - headroomPercent));
        expect(takenMb + code + (supervised ? 64 : 0)).toBeLessThanOrEqual(limitMb);
      }),
    );
  });

  it('tells of the lowest limit at which `auto` is not lowered', () => {
    const crew = { workers: 3, supervised: true, headroomPercent: 25 };
    const limitMb = leastLimitMb(crew, { oldSpaceMb: 64, semiSpaceMb: 4 });
    expect(plan('auto', { limitMb, cpuCores: 3 }).workers).toBe(3);
    expect(plan('auto', { limitMb: limitMb - 16, cpuCores: 3 }).workers).toBe(2);
  });

  it('divides the whole limit among the workers, each with the code that all share', () => {
    const { workers, memoryShareBytes = 0 } = plan('auto', { limitMb: 512, cpuCores: 2 });
    expect(workers * (memoryShareBytes / mib - 48) + 16 + 48).toBe(512);
    expect(workerMb({ oldSpaceMb: 128, semiSpaceMb: 8 })).toBeLessThan(memoryShareBytes / mib);
  });
});
