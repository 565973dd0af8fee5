import { describe, expect, it } from 'vitest';
import { BodyBudget } from './body-budget.js';
import { requestBytes } from './body-reservation.js';
import type { BodyRoom } from './body-room.js';

const megabyte = 2 ** 20;

function budget(room: Partial<BodyRoom> = {}) {
  const all: BodyRoom = { together: 10 * megabyte, alone: 20 * megabyte, ever: 30 * megabyte, ...room };
  const refusals: number[] = [];
  const clock = { ms: 0 };
  const made = new BodyBudget(
    () => refusals.push(clock.ms),
    () => clock.ms,
  );
  made.limit(() => all);
  return { made, refusals, clock };
}

/** So much that it takes this with what each request takes besides. */
const bytes = (megabytes: number): number => megabytes * megabyte - requestBytes;

describe('BodyBudget', () => {
  it('lets everything in while nothing bounds it', () => {
    const made = new BodyBudget();
    expect(made.admit(2 ** 50)?.settle(2 ** 50)).toBe('held');
    expect(made.report).toEqual({ heldBytes: 2 ** 50 + requestBytes, limitBytes: null });
  });

  it('refuses the body that finds no room beside the others, and lets it in when one is gone', () => {
    const { made, refusals } = budget();
    const first = made.admit(bytes(6));
    expect([made.admit(bytes(5)), made.admit(bytes(4))]).toEqual([undefined, expect.anything()]);
    expect(made.report).toEqual({ heldBytes: 10 * megabyte, limitBytes: 10 * megabyte });
    first?.release();
    expect(made.admit(bytes(6))).toBeDefined();
    expect(refusals).toHaveLength(1);
  });

  it('counts what a request takes even where its body is small', () => {
    const { made } = budget();
    const admitted = Array.from({ length: 1_000 }, () => made.admit(1)).filter((each) => each !== undefined);
    expect(admitted.length).toBe(Math.floor((10 * megabyte) / (requestBytes + 1)));
  });

  it('gives more room to one that is as good as alone', () => {
    const { made } = budget();
    made.admit(bytes(1));
    const large = made.admit(bytes(15));
    expect([large, made.admit(0)]).toEqual([expect.anything(), undefined]);
  });

  it('holds what the work takes, once that is known', () => {
    const { made } = budget();
    const body = made.admit(bytes(2));
    expect([body?.settle(bytes(8)), made.heldBytes]).toEqual(['held', 8 * megabyte]);
    body?.settle(bytes(1));
    expect(made.heldBytes).toBe(megabyte);
  });

  it('tells whether room for more can be had at another time or never', () => {
    const { made, refusals } = budget();
    made.admit(bytes(5));
    const body = made.admit(bytes(2));
    expect([body?.settle(bytes(6)), body?.settle(bytes(31))]).toEqual(['no-room', 'never']);
    expect([made.heldBytes, refusals.length]).toEqual([7 * megabyte, 1]);
  });

  it('lets a body grow beyond what was expected while there is room', () => {
    const { made } = budget();
    made.admit(bytes(4));
    const chunks = made.admit(0);
    expect([1, 3, 6, 7].map((size) => chunks?.arrived(bytes(size)))).toEqual([true, true, true, false]);
    expect(made.heldBytes).toBe(10 * megabyte);
  });

  it('keeps for a body what has not arrived of it, for a second', () => {
    const { made, clock } = budget();
    const slow = made.admit(bytes(8));
    slow?.arrived(bytes(1));
    clock.ms = 999;
    expect(made.admit(bytes(5))).toBeUndefined();
    clock.ms = 1_000;
    expect(made.admit(bytes(5))).toBeDefined();
    expect(made.heldBytes).toBe(6 * megabyte);
  });

  it('lets a slow body go on while nobody else wants its room, and refuses it where others have taken it', () => {
    const { made, clock } = budget();
    const slow = made.admit(bytes(8));
    clock.ms = 5_000;
    made.admit(bytes(2));
    expect([slow?.arrived(bytes(8)), made.heldBytes]).toEqual([true, 10 * megabyte]);
    const { made: full, clock: later } = budget();
    const late = full.admit(bytes(8));
    later.ms = 5_000;
    full.admit(bytes(5));
    expect([late?.arrived(bytes(5)), late?.arrived(bytes(6)), late?.settle(bytes(6))]).toEqual([
      true,
      false,
      'no-room',
    ]);
  });

  it('takes nothing from a body whose work has begun, however long it takes', () => {
    const { made, clock } = budget();
    made.admit(bytes(8))?.settle(bytes(8));
    clock.ms = 60_000;
    expect(made.admit(bytes(5))).toBeUndefined();
  });

  it('gives everything back once, and nothing to who is gone', () => {
    const { made } = budget();
    const gone = made.admit(bytes(3));
    gone?.release();
    gone?.release();
    expect([gone?.arrived(bytes(2)), gone?.settle(bytes(2)), made.heldBytes]).toEqual([false, 'no-room', 0]);
  });
});
