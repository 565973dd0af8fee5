import { letProbesIn, runService } from '@app/bootstrap';
import type { ExitCode } from '@app/errors';
import { buildInfo } from './build-info.js';
import { loadPackages } from './packages.js';

/** Runs the backend to its end and returns the exit code. */
export function run(): Promise<ExitCode> {
  return runService({
    build: buildInfo(),
    load: async (context) => {
      // Nest and the datastore clients come only now, when the health endpoints answer already.
      await loadPackages();
      const { loadApplication } = await import('./application.js');
      await letProbesIn();
      return loadApplication(context);
    },
  });
}
