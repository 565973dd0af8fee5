import { describe, expect, it, vi } from 'vitest';
import { monitored, ownTime, pass, start } from './monitored.fixture.js';

describe('SubjectWatch', () => {
  ownTime();

  it('believes a result until it is interval + timeout + 2 s old, and then checks anew', async () => {
    const { begin, monitor, states, postgres } = await monitored();
    postgres.behave({ version: '18.1' });
    await begin();
    // The event loop stands still: time passes and no timer runs.
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 13_999);
    const believed = monitor.expireStale();
    now.mockReturnValue(performance.now() + 1);
    const expired = monitor.expireStale();
    const stale = states.get('postgres');
    await pass(0);
    expect([believed, expired, stale, states.get('postgres').status, postgres.pings.length]).toEqual([
      false,
      true,
      {
        status: 'down',
        writable: false,
        reason: 'timeout',
        since: start,
        lastUpAt: start,
        lastCheckedAt: start,
        nextCheckAt: start + 10_000,
        latencyMs: 0,
        version: '18.1',
        message: 'The last check ended 14000 ms ago.',
      },
      'up',
      2,
    ]);
  });

  it('notices by itself that checks have stopped to end', async () => {
    const { begin, states } = await monitored();
    await begin();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 14_000);
    await pass(1_000);
    const seen = states.history.filter(({ datastore }) => datastore === 'postgres');
    expect(seen.map(({ to, at }) => [to.status, to.reason, at - start])).toEqual([
      ['up', undefined, 0],
      ['down', 'timeout', 1_000],
      ['up', undefined, 1_000],
    ]);
  });

  it('does not let a check that was given up decide later', async () => {
    const { begin, monitor, postgres, short } = await monitored();
    await begin();
    postgres.behave('hang');
    monitor.checkNow('postgres');
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 14_000);
    postgres.behave({});
    monitor.expireStale();
    await pass(0);
    expect(short()).toBe('up');
  });
});
