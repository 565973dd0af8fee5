import type { ExitCode } from '@app/errors';
import type { ServiceDefinition } from './service-definition.js';
import type { ServiceHost } from './service-host.js';

/**
 * Runs a service from the check of its environment to its end and returns the exit code. Everything is written to the
 * log, and the log is flushed; the caller has only to exit. What a service needs is loaded with this call.
 * @param host Where its connections and orders come from: without one it listens itself and heeds signals.
 */
export async function runService(definition: ServiceDefinition, host?: ServiceHost): Promise<ExitCode> {
  const { serve } = await import('./service.js');
  return serve(definition, host);
}
