import { describe, expect, it } from 'vitest';
import { StartupTimeline } from './startup-timeline.js';

describe('StartupTimeline', () => {
  it('notes when each phase began, how long it took, and what it waits for', async () => {
    let time = 100;
    const timeline = new StartupTimeline({ now: () => time });
    await timeline.run('validate', () => void (time += 5));
    const seen: unknown[] = [];
    const running = timeline.run('wait_for_init', async () => {
      timeline.waitingFor('wait_for_init', ['db-init (running)']);
      time += 7;
      seen.push(timeline.report());
      await Promise.resolve();
    });
    await running;
    expect(seen).toEqual([
      [
        { name: 'validate', status: 'done', startedAt: 100, durationMs: 5 },
        {
          name: 'wait_for_init',
          status: 'running',
          startedAt: 105,
          durationMs: 7,
          waitingFor: ['db-init (running)'],
        },
        { name: 'preflight', status: 'pending' },
        { name: 'serve', status: 'pending' },
      ],
    ]);
    expect(timeline.report()[1]).toEqual({
      name: 'wait_for_init',
      status: 'done',
      startedAt: 105,
      durationMs: 7,
    });
  });

  it('marks a phase that throws as failed and passes the error on', async () => {
    const timeline = new StartupTimeline({ now: () => 0 });
    await expect(timeline.run('preflight', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(timeline.report()[2]).toMatchObject({ status: 'failed' });
  });

  it('is started once the last phase is done', async () => {
    const timeline = new StartupTimeline({ now: () => 0 });
    expect(timeline.started).toBe(false);
    await timeline.run('serve', () => undefined);
    expect(timeline.started).toBe(true);
  });

  it('publishes what changes, and nothing when a phase waits for the same', async () => {
    const timeline = new StartupTimeline({ now: () => 0 });
    const statuses: string[] = [];
    timeline.onUpdate(({ status, waitingFor }) => statuses.push([status, ...(waitingFor ?? [])].join(' ')));
    await timeline.run('preflight', () => {
      timeline.waitingFor('preflight', ['redis']);
      timeline.waitingFor('preflight', ['redis']);
    });
    expect(statuses).toEqual(['running', 'running redis', 'done']);
  });
});
