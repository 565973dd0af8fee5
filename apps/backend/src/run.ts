import { letProbesIn, runService, type ServiceDefinition } from '@app/bootstrap';
import type { ExitCode } from '@app/errors';
import { runInWorkers } from '@app/workers';
import { buildInfo } from './build-info.js';
import { loadPackages } from './packages.js';

/** Runs the backend to its end and returns the exit code. */
export function run(): Promise<ExitCode> {
  const definition: ServiceDefinition = {
    build: buildInfo(),
    load: async (context) => {
      // Nest and the datastore clients come only now, when the health endpoints answer already.
      await loadPackages();
      const { loadApplication } = await import('./application.js');
      await letProbesIn();
      return loadApplication(context);
    },
  };
  return runInWorkers((host) => runService(definition, host));
}
