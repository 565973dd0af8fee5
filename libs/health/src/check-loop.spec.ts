import { describe, expect, it } from 'vitest';
import { monitored, ownTime, pass, start } from './monitored.fixture.js';

describe('CheckLoop', () => {
  ownTime();

  it('checks at once and then in every interval', async () => {
    const { begin, since } = await monitored();
    await begin();
    await pass(30_000);
    expect(since(start)).toEqual([0, 10_000, 20_000, 30_000]);
  });

  it('shortens the interval by a fifth at most', async () => {
    const { begin, since } = await monitored({ random: () => 0.999 });
    await begin();
    await pass(16_010);
    expect(since(start).map((at) => Math.round(at / 10) * 10)).toEqual([0, 8_000, 16_000]);
  });

  it('ends a ping that hangs after the timeout, and never has two in flight', async () => {
    const { begin, postgres, redis, short, since } = await monitored();
    await begin();
    postgres.behave('hang');
    await pass(22_000);
    expect([short(), since(start), postgres.mostInFlight, redis.pings.length]).toEqual([
      'down timeout',
      [0, 10_000, 13_000, 16_000, 19_000, 22_000],
      1,
      3,
    ]);
  });

  it('is down within interval + retries × (timeout + 1 s) after a server has stopped to answer', async () => {
    const { begin, postgres, short } = await monitored();
    await begin();
    postgres.behave('hang');
    await pass(10_000 + 3 * (2_000 + 1_000));
    expect(short()).toBe('down timeout');
  });

  it('goes on past a ping that heeds no signal', async () => {
    const { begin, postgres, short } = await monitored();
    postgres.behave('deaf');
    await begin();
    await pass(2_000);
    const hung = short();
    postgres.behave({});
    await pass(1_000);
    expect([hung, short(), postgres.inFlight]).toEqual(['down timeout', 'up', 1]);
  });

  it('checks at once when real work has failed', async () => {
    const { begin, postgres, short, since } = await monitored();
    await begin();
    await pass(5_000);
    postgres.behave('refused');
    postgres.failWork();
    await pass(0);
    expect([short(), since(start)]).toEqual(['degraded refused', [0, 5_000]]);
  });

  it('checks at most five times a second while work fails and pings do not', async () => {
    const { begin, postgres } = await monitored();
    await begin();
    await pass(5_000);
    const before = postgres.pings.length;
    for (let i = 0; i < 999; i += 1) {
      postgres.failWork();
      await pass(1);
    }
    expect(postgres.pings.length - before).toBe(5);
  });

  it('checks again when work has failed while a check was under way', async () => {
    const { begin, postgres, since, monitor, redis } = await monitored();
    await begin();
    await pass(4_000);
    // The ping is under way: its answer may be older than the failure.
    monitor.checkNow('postgres');
    postgres.failWork();
    await pass(1_000);
    expect([since(start), redis.pings.length]).toEqual([[0, 4_000, 4_200], 1]);
  });

  it('keeps to a second between checks while they fail, however often work fails', async () => {
    const { begin, postgres } = await monitored();
    postgres.behave('refused');
    await begin();
    for (let i = 0; i < 300; i += 1) {
      postgres.failWork();
      await pass(10);
    }
    expect(postgres.pings.length).toBe(4);
  });

  it('ends the ping in flight and checks no more after stop', async () => {
    const { begin, postgres, monitor, short } = await monitored();
    postgres.behave('hang');
    await begin();
    monitor.stop();
    await pass(60_000);
    expect([postgres.pings.length, postgres.inFlight, short()]).toEqual([1, 0, 'down pending']);
  });
});
