import type { Lifecycle } from '@app/lifecycle';
import type { Logging } from '@app/logging';

/** Writes each phase of the start and each transition of the application, also into and out of shedding, into the log, once. */
export function logLifecycle(
  { startup, application, overload }: Lifecycle,
  { logger, startupLogger }: Logging,
): void {
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
    const level = to === 'overloaded' ? 'warn' : 'info';
    logger[level]({ from, to, lastedMs, cause }, `${from} → ${to} (${cause}) after ${String(lastedMs)} ms`);
  });
  overload.onShedding((event) => {
    if (event.shedding) {
      logger.warn({ cause: event.cause }, `overload: requests are being refused (${event.cause})`);
    } else {
      const { lastedMs, refused, admitted } = event;
      const all = String(refused + admitted);
      logger.info(
        { lastedMs, refused, admitted },
        `overload over after ${String(lastedMs)} ms: ${String(refused)} of ${all} requests were refused`,
      );
    }
  });
}
