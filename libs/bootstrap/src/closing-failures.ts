import type { INestApplicationContext, LoggerService } from '@nestjs/common';

/**
 * Closes a Nest application and rejects with everything that its shutdown hooks threw. Nest itself only logs a hook
 * that fails and goes on, so what it logs as an error while it closes is what failed.
 */
export async function closeNest(application: INestApplicationContext, logger: LoggerService): Promise<void> {
  const failures: unknown[] = [];
  application.useLogger({
    log: (message, ...rest) => void logger.log(message, ...rest),
    warn: (message, ...rest) => void logger.warn(message, ...rest),
    error: (message, ...rest) => {
      failures.push(message);
      logger.error(message, ...rest);
    },
  });
  try {
    await application.close();
  } finally {
    application.useLogger(logger);
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Shutdown hooks failed.');
}
