import { type Config, type Finding, secretsOf } from '@app/config';
import type { Lifecycle } from '@app/lifecycle';
import { createLogger, type Logging } from '@app/logging';
import { logLifecycle } from './lifecycle-log.js';

/** Opens the log of a service, which from now on follows its life, and writes what is doubtful in its configuration. */
export async function openServiceLog(
  { config, warnings }: { readonly config: Config; readonly warnings: readonly Finding[] },
  lifecycle: Lifecycle,
  worker: number | undefined,
): Promise<Logging> {
  const logging = await createLogger({
    config: config.logging,
    name: config.app.name,
    worker,
    files: 'application',
    secrets: secretsOf(config),
  });
  logLifecycle(lifecycle, logging);
  for (const { variable, problem } of warnings)
    logging.startupLogger.warn({ variable }, `${variable}: ${problem}`);
  return logging;
}
