import { describe, expect, it } from 'vitest';
import { ApplicationState, type ApplicationPhase, type ApplicationTransition } from './application-state.js';

function at(phases: readonly ApplicationPhase[]): { state: ApplicationState; seen: ApplicationTransition[] } {
  let time = 1_000;
  const state = new ApplicationState({ now: () => time });
  const seen: ApplicationTransition[] = [];
  state.onTransition((transition) => seen.push(transition));
  for (const phase of phases) {
    time += 500;
    state.enter(phase, 'test');
  }
  return { state, seen };
}

describe('ApplicationState', () => {
  it('notes and publishes each transition with how long the former phase lasted', () => {
    const { state, seen } = at(['serving', 'draining']);
    const transitions = [
      { from: 'starting', to: 'serving', at: 1_500, lastedMs: 500, cause: 'test' },
      { from: 'serving', to: 'draining', at: 2_000, lastedMs: 500, cause: 'test' },
    ];
    expect({ seen, history: state.history, phase: state.phase, since: state.since }).toEqual({
      seen: transitions,
      history: transitions,
      phase: 'draining',
      since: 2_000,
    });
  });

  it.each<[ApplicationPhase[], ApplicationPhase, boolean]>([
    [[], 'serving', true],
    [[], 'draining', true],
    [[], 'overloaded', false],
    [[], 'stopped', false],
    [['serving'], 'overloaded', true],
    [['serving', 'overloaded'], 'serving', true],
    [['serving', 'overloaded'], 'draining', true],
    [['serving', 'draining'], 'serving', false],
    [['serving', 'draining'], 'stopped', true],
    [['serving', 'draining', 'stopped'], 'starting', false],
  ])('after %j, %s is allowed: %s', (phases, next, allowed) => {
    const { state } = at(phases);
    const outcome = ((): string => {
      try {
        state.enter(next, 'test');
        return state.phase;
      } catch (error) {
        return error instanceof RangeError ? 'refused' : 'torn';
      }
    })();
    expect(outcome).toBe(allowed ? next : 'refused');
  });

  it('says nothing when it is asked for the present phase', () => {
    expect(at(['serving', 'serving']).seen).toHaveLength(1);
  });

  it('keeps a bounded history', () => {
    const phases = Array.from({ length: 301 }, (_, index): ApplicationPhase =>
      index % 2 === 0 ? 'serving' : 'overloaded',
    );
    const { state } = at(phases);
    expect(state.history).toHaveLength(100);
    expect(state.history.at(-1)?.at).toBe(1_000 + 301 * 500);
  });
});
