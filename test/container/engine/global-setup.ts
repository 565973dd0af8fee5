import type { TestProject } from 'vitest/node';
import { machinePicture } from './machine-picture.ts';
import { openEngine } from './open-engine.ts';

function tell(what: string): void {
  process.stderr.write(`${what}\n`);
}

/** Opens the engine once for all files of the project; the test runner calls what it returns at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('machineBefore', await machinePicture());
  const engine = await openEngine(tell);
  if ('unavailable' in engine) {
    tell(engine.unavailable);
    project.provide('containerEngine', engine);
    return () => Promise.resolve();
  }
  const { env, host, images, run } = engine;
  project.provide('containerEngine', { env, host, images, run });
  return async () => {
    await engine[Symbol.asyncDispose]();
  };
}
