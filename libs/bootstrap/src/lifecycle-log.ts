import type { Lifecycle } from '@app/lifecycle';
import type { Logging } from '@app/logging';

/** Writes each phase of the start and each transition of the application into the log, once. */
export function logLifecycle({ startup, application }: Lifecycle, { logger, startupLogger }: Logging): void {
  startup.onUpdate(({ name, status, durationMs, waitingFor }) => {
    const phase = { phase: name, status, ...(status === 'running' ? {} : { durationMs }) };
    if (waitingFor !== undefined && status === 'running') {
      startupLogger.info({ ...phase, waitingFor }, `${name} waits for ${waitingFor.join(', ')}`);
    } else if (status === 'failed') {
      // No error: the line that follows has the reason, and a start that was stopped has none.
      startupLogger.info(phase, `${name} failed after ${String(durationMs)} ms`);
    } else {
      startupLogger.info(
        phase,
        status === 'done' ? `${name} done in ${String(durationMs)} ms` : `${name} begins`,
      );
    }
  });
  application.onTransition(({ from, to, lastedMs, cause }) => {
    logger.info({ from, to, lastedMs, cause }, `${from} → ${to} (${cause}) after ${String(lastedMs)} ms`);
  });
}
