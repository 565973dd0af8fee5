import { describe, expect, it } from 'vitest';
import { datastoreSubject } from './check-subject.js';
import { monitored, ownTime, pass, start } from './monitored.fixture.js';
import { ScriptedDatastore } from './scripted-datastore.fixture.js';

describe('HealthMonitor', () => {
  ownTime();

  it('records everything that a good ping has seen', async () => {
    const { begin, postgres, states } = await monitored();
    postgres.behave({ version: '18.1', facts: { role: 'primary' } });
    await begin();
    expect(states.get('postgres')).toEqual({
      status: 'up',
      writable: true,
      since: start,
      lastUpAt: start,
      lastCheckedAt: start,
      nextCheckAt: start + 10_000,
      latencyMs: 0,
      version: '18.1',
      facts: { role: 'primary' },
    });
  });

  it('counts every failure as down until it has been up once', async () => {
    const { begin, postgres, short, since } = await monitored();
    postgres.behave('refused');
    await begin();
    const first = short();
    await pass(2_500);
    const later = short();
    postgres.behave({});
    await pass(1_000);
    expect([first, later, short(), since(start)]).toEqual([
      'down refused',
      'down refused',
      'up',
      [0, 1_000, 2_000, 3_000],
    ]);
  });

  it('is degraded and stays writable until as many checks in a row have failed as are allowed', async () => {
    const { begin, postgres, states } = await monitored();
    await begin();
    postgres.behave('refused');
    const seen: unknown[] = [];
    await pass(9_999);
    for (const ms of [1, 1_000, 1_000]) {
      await pass(ms);
      const { status, reason, writable, since, lastUpAt, nextCheckAt } = states.get('postgres');
      seen.push({ status, reason, writable, since, lastUpAt, nextCheckAt });
    }
    expect(seen).toEqual([
      {
        status: 'degraded',
        reason: 'refused',
        writable: true,
        since: start + 10_000,
        lastUpAt: start,
        nextCheckAt: start + 11_000,
      },
      {
        status: 'degraded',
        reason: 'refused',
        writable: true,
        since: start + 10_000,
        lastUpAt: start,
        nextCheckAt: start + 12_000,
      },
      {
        status: 'down',
        reason: 'refused',
        writable: false,
        since: start + 12_000,
        lastUpAt: start,
        nextCheckAt: start + 13_000,
      },
    ]);
  });

  it('is up again after one success, and begins to count anew', async () => {
    const { begin, postgres, short } = await monitored();
    await begin();
    postgres.behave('refused');
    await pass(11_000);
    postgres.behave({});
    await pass(1_000);
    const recovered = short();
    postgres.behave('refused');
    await pass(11_000);
    expect([recovered, short()]).toEqual(['up', 'degraded refused']);
  });

  it('is down with the first failure where no retry is allowed', async () => {
    const { begin, postgres, short } = await monitored({ retries: 1 });
    await begin();
    postgres.behave('dns');
    await pass(10_000);
    expect(short()).toBe('down dns');
  });

  it.each(['read_only', 'out_of_memory'] as const)(
    'is degraded and not writable while it is %s',
    async (degraded) => {
      const { begin, postgres, states } = await monitored();
      postgres.behave({ degraded, version: '18.1' });
      await begin();
      await pass(60_000);
      expect(states.get('postgres')).toMatchObject({
        status: 'degraded',
        reason: degraded,
        writable: false,
        since: start,
      });
    },
  );

  it('keeps a throwing check and a throwing listener from hiding the others', async () => {
    const { begin, monitor, states, redis, lines } = await monitored();
    monitor.watch({
      name: 'broken',
      kind: 'indicator',
      check: () => {
        throw new RangeError('broken');
      },
      state: { status: 'down', writable: false, since: start },
      record: () => {
        throw new RangeError('record');
      },
      onFailure: () => () => undefined,
    });
    states.onUpdate(() => {
      throw new RangeError('listener');
    });
    await begin();
    await pass(20_000);
    expect([states.get('redis').status, redis.pings.length]).toEqual(['up', 3]);
    expect(new Set(lines.filter((line) => line['level'] === 'error').map((line) => line['msg']))).toEqual(
      new Set(['A listener to a health check failed.']),
    );
  });

  it('logs each transition once, with its duration and without secrets', async () => {
    const { begin, postgres, lines } = await monitored();
    postgres.behave({ version: '18.1' });
    await begin();
    postgres.behave('refused');
    await pass(60_000);
    postgres.behave({ version: '18.1' });
    await pass(60_000);
    const shown = lines
      .filter((line) => line['datastore'] === 'postgres')
      .map(({ level, msg, from, to, lastedMs, message }) => ({ level, msg, from, to, lastedMs, message }));
    const message = 'connect to postgres://user:[redacted]@10.0.0.1 failed: refused';
    expect(shown).toEqual([
      {
        level: 'info',
        msg: 'The datastore postgres is up; it was down (pending) for 0.0 s.',
        from: 'down (pending)',
        to: 'up',
        lastedMs: 0,
      },
      {
        level: 'warn',
        msg: 'The datastore postgres is degraded (refused); it was up for 10.0 s.',
        from: 'up',
        to: 'degraded (refused)',
        lastedMs: 10_000,
        message,
      },
      {
        level: 'warn',
        msg: 'The datastore postgres is down (refused); it was degraded (refused) for 2.0 s.',
        from: 'degraded (refused)',
        to: 'down (refused)',
        lastedMs: 2_000,
        message,
      },
      {
        level: 'info',
        msg: 'The datastore postgres is up; it was down (refused) for 49.0 s.',
        from: 'down (refused)',
        to: 'up',
        lastedMs: 49_000,
      },
    ]);
  });

  it('refuses a second check of the same name', async () => {
    const { monitor, states } = await monitored();
    expect(() => monitor.watch(datastoreSubject(new ScriptedDatastore('redis'), states))).toThrow(RangeError);
  });
});
