import { Lifecycle } from '@app/lifecycle';
import { serverLimits } from '@app/http';
import { describe, expect, it } from 'vitest';
import { FrontDoor } from './front-door.js';
import { shutDown } from './shutdown-timeline.js';

interface Scene {
  readonly lifecycle: Lifecycle;
  readonly events: string[];
  readonly run: (timeoutMs?: number) => Promise<string[]>;
}

async function scene(): Promise<Scene> {
  const lifecycle = new Lifecycle([]);
  lifecycle.application.enter('serving', 'started');
  const events: string[] = [];
  const frontDoor = new FrontDoor(
    serverLimits({ requestTimeoutMs: 1_000, keepAliveTimeoutMs: 1_000 }),
    () => undefined,
  );
  lifecycle.application.onTransition(({ to }) => events.push(to));
  for (const stage of ['close', 'flush', 'end-streams'] as const) {
    lifecycle.shutdown.register({ stage, name: 'own', run: () => Promise.resolve(void events.push(stage)) });
  }
  return {
    lifecycle,
    events,
    run: async (timeoutMs = 5_000) => {
      const failures = await shutDown(
        'SIGTERM',
        { drainDelayMs: 0, timeoutMs },
        {
          lifecycle,
          frontDoor,
          stopAccepting: () => Promise.resolve(frontDoor.stopAccepting()),
          closeApplication: () => Promise.resolve(void events.push('hooks')),
          reached: () => undefined,
          stepEnded: () => undefined,
        },
      );
      return failures.map((failure) => failure.detail.replace(/\d+ ms/, 'n ms'));
    },
  };
}

const inOrder = ['draining', 'end-streams', 'flush', 'hooks', 'close', 'stopped'];

describe('shutDown', () => {
  it('takes its stages in order', async () => {
    const { events, run } = await scene();
    await expect(run()).resolves.toEqual([]);
    expect(events).toEqual(inOrder);
  });

  it('reports a step that fails and goes on', async () => {
    const { events, lifecycle, run } = await scene();
    lifecycle.shutdown.register({
      stage: 'flush',
      name: 'torn',
      run: () => Promise.reject(new Error('torn')),
    });
    await expect(run()).resolves.toEqual(['The shutdown step "flush: torn" failed.']);
    expect(events).toEqual(inOrder);
  });

  it('lets a step keep its share that ends when it is told to', async () => {
    const { lifecycle, run } = await scene();
    lifecycle.shutdown.register({
      stage: 'flush',
      name: 'polite',
      run: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    });
    await expect(run(400)).resolves.toEqual([]);
  });

  it('leaves a step behind that overruns its share, tells it so, and goes on', async () => {
    const { events, lifecycle, run } = await scene();
    let told = false;
    lifecycle.shutdown.register({
      stage: 'close',
      name: 'hung',
      run: (signal) => new Promise(() => signal.addEventListener('abort', () => (told = true))),
    });
    await expect(run(100)).resolves.toEqual(['The shutdown step "close: hung" did not end within its n ms.']);
    expect({ told, events }).toEqual({ told: true, events: inOrder });
  });
});
