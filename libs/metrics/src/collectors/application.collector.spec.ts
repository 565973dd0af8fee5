import { Lifecycle } from '@app/lifecycle';
import { fakeClock } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { applicationCollector } from './application.collector.js';
import { collected } from './collected.fixture.js';

describe('applicationCollector', () => {
  it('shows the phase, and how often each was entered', () => {
    const lifecycle = new Lifecycle([]);
    const collector = applicationCollector(lifecycle);
    for (const phase of ['serving', 'overloaded', 'serving'] as const)
      lifecycle.application.enter(phase, 'test');
    expect(collected(collector, 'app_phase')).toEqual([
      'app_phase{phase="starting"} 0',
      'app_phase{phase="serving"} 1',
      'app_phase{phase="overloaded"} 0',
      'app_phase{phase="draining"} 0',
      'app_phase{phase="stopped"} 0',
      'app_phase_transitions_total{phase="starting"} 0',
      'app_phase_transitions_total{phase="serving"} 2',
      'app_phase_transitions_total{phase="overloaded"} 1',
      'app_phase_transitions_total{phase="draining"} 0',
      'app_phase_transitions_total{phase="stopped"} 0',
    ]);
  });

  it('shows how long the phases of the start took that have begun, in seconds', async () => {
    const clock = fakeClock();
    const lifecycle = new Lifecycle([], clock);
    await lifecycle.startup.run('validate', () => clock.advance(250));
    const running = lifecycle.startup.run('preflight', () => new Promise(() => undefined));
    clock.advance(1_500);
    expect(running).toBeInstanceOf(Promise);
    expect(collected(applicationCollector(lifecycle), 'app_startup')).toEqual([
      'app_startup_phase_duration_seconds{phase="validate"} 0.25',
      'app_startup_phase_duration_seconds{phase="preflight"} 1.5',
    ]);
  });
});
