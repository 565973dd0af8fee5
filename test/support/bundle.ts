import { cp } from 'node:fs/promises';
import { temporaryFolder } from '@app/testing';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the bundled programs, where they are the ones under test. */
    bundle?: string;
  }
}

/** Lays the production build where no node_modules is in any folder above it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  await cp(`${project.config.root}/dist/production`, folder.path, {
    recursive: true,
    verbatimSymlinks: true,
  });
  project.provide('bundle', folder.path);
  return async () => {
    await folder[Symbol.asyncDispose]();
  };
}
