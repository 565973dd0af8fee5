import { describe, expect, it } from 'vitest';
import { OneAtATime } from './one-at-a-time.js';

describe('OneAtATime', () => {
  it('remembers once what is asked during a run', async () => {
    const runs: PromiseWithResolvers<void>[] = [];
    const work = new OneAtATime(() => {
      const run = Promise.withResolvers<void>();
      runs.push(run);
      return run.promise;
    });
    const done = work.ask();
    await work.ask();
    await work.ask();
    const during = runs.length;
    runs[0]?.resolve();
    await runs[0]?.promise;
    await Promise.resolve();
    runs[1]?.resolve();
    await done;
    expect([during, runs.length]).toEqual([1, 2]);
  });

  it('can be asked again after work that failed', async () => {
    let runs = 0;
    const work = new OneAtATime(() => {
      runs += 1;
      return Promise.reject(new Error('broken'));
    });
    await expect(work.ask()).rejects.toThrow('broken');
    await expect(work.ask()).rejects.toThrow('broken');
    expect(runs).toBe(2);
  });
});
