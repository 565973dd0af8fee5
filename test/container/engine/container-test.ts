import { inject, test as base } from 'vitest';
import type { EngineAccess, NoEngine } from './engine.ts';
import type { MachinePicture } from './machine-picture.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly containerEngine: EngineAccess | NoEngine;
    /** Taken before that engine was opened. */
    readonly machineBefore: MachinePicture;
  }
}

/** The engine of this run, for what a file shares; undefined where there is none. */
export function engineOfRun(): EngineAccess | undefined {
  const engine = inject('containerEngine');
  return 'unavailable' in engine ? undefined : engine;
}

/** A test on a real engine; where there is none every one is reported as skipped, with the reason. */
export const test = base.extend<{ engine: EngineAccess }>({
  engine: [
    async ({ skip }, use) => {
      const engine = inject('containerEngine');
      if ('unavailable' in engine) return skip(engine.unavailable);
      await use(engine);
    },
    // Also for those that do not ask for it.
    { auto: true },
  ],
});
