import type { Config } from '@app/config';
import type { ServiceSettings } from '../messages.js';

/** What the supervisor is told of a valid configuration. */
export function settingsOf({ app, logging, lifetime, performance }: Config): ServiceSettings {
  const { name, host, port, managementHost, managementPort } = app;
  return {
    name,
    host,
    port,
    managementHost,
    managementPort,
    logging,
    stuckTimeoutMs: performance.workerStuckTimeoutMs,
    startupTimeoutMs: lifetime.startupTimeoutMs,
    shutdownTimeoutMs: lifetime.shutdownTimeoutMs,
  };
}
