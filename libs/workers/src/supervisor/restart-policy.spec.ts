import { describe, expect, it } from 'vitest';
import { type AfterDeath, type Death, RestartPolicy } from './restart-policy.js';

const policy = (served = true): RestartPolicy => {
  const made = new RestartPolicy(() => 0.5);
  if (served) made.ready();
  return made;
};
const death = (more: Partial<Death> = {}): Death => ({
  number: 1,
  code: 1,
  servedMs: undefined,
  at: 0,
  ...more,
});
const pauses = (of: RestartPolicy, deaths: readonly Death[]): (number | undefined)[] =>
  deaths.map((one) => {
    const after: AfterDeath = of.afterDeath(one);
    return after.kind === 'restart' ? after.afterMs : undefined;
  });

describe('RestartPolicy', () => {
  it.each([69, 78])('ends with %i of the first worker, without a retry', (code) => {
    const reason = `the first worker ended with ${String(code)}`;
    expect(policy(false).afterDeath(death({ code }))).toEqual({ kind: 'end', code, reason, told: true });
  });

  it('ends with 69 when the first worker had to be stopped because it was late', () => {
    expect(policy(false).afterDeath(death({ code: null, late: true }))).toMatchObject({
      kind: 'end',
      code: 69,
    });
  });

  it('doubles the pause with each failure of a worker, less up to half of it', () => {
    const deaths = [0, 1, 2].map((index) => death({ servedMs: 5_000, at: index * 60_000 }));
    expect(pauses(policy(), deaths)).toEqual([75, 150, 300]);
  });

  it.each([
    [0, 50],
    [0.999_999, 100],
  ])('takes %f of the random half', (random, expected) => {
    const made = new RestartPolicy(() => random);
    made.ready();
    expect(pauses(made, [death({ servedMs: 1 })])).toEqual([expected]);
  });

  it('starts at once after a worker that had served for a while, and forgets its failures', () => {
    const made = policy();
    const deaths = [
      death({ servedMs: 10, at: 0 }),
      death({ servedMs: 10_000, at: 20_000 }),
      death({ servedMs: 10, at: 21_000 }),
    ];
    expect(pauses(made, deaths)).toEqual([75, 0, 75]);
  });

  it('counts the failures of each worker apart', () => {
    const deaths = [death({ servedMs: 1 }), death({ servedMs: 1, number: 2 })];
    expect(pauses(policy(), deaths)).toEqual([75, 75]);
  });

  it.each([true, false])('ends with 70 after five deaths before READY within 30 s (served: %s)', (served) => {
    const made = policy(served);
    const results = [0, 1, 2, 3, 30_000].map((at, index) =>
      made.afterDeath(death({ at, number: index + 1 })),
    );
    expect(results.slice(0, 4).map(({ kind }) => kind)).toEqual(['restart', 'restart', 'restart', 'restart']);
    expect(results[4]).toEqual({
      kind: 'end',
      code: 70,
      reason: '5 workers died within 30 s before they were ready',
      told: false,
    });
  });

  it('goes on when the five took longer than 30 s', () => {
    const made = policy();
    const results = [0, 1, 2, 3, 30_001].map((at) => made.afterDeath(death({ at })));
    expect(results.map(({ kind }) => kind)).not.toContain('end');
  });

  it('retries 69 and 78 without end once a worker has served, at last every half minute', () => {
    const made = policy();
    const deaths = Array.from({ length: 12 }, (_, index) => death({ code: index % 2 ? 69 : 78, at: index }));
    expect(pauses(made, deaths).at(-1)).toBe(22_500);
  });
});
