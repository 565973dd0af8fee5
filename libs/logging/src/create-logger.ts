import { type Logger, type LoggerOptions, pino } from 'pino';
import { type LogControls, type LogStreamsOptions, makeLogStreams } from './log-streams.js';
import { requestContext } from './request-context.js';
import { serializeError } from './serialize-error.js';

export interface LoggingOptions extends LogStreamsOptions {
  /** The `service` of every line. */
  readonly name: string;
  /** The `worker` of every line: the number of this worker, where there are several. */
  readonly worker?: number | undefined;
}

export interface Logging extends LogControls {
  readonly logger: Logger;
  /** For the phases of the start: its lines go to `backend_startup.log` too. */
  readonly startupLogger: Logger;
}

/**
 * Makes the process's log: JSON lines on standard output (or for people, with LOG_FORMAT=pretty) and in the files.
 * A file that cannot be written, or the folder of several, is one warning in the others, and is tried again every
 * 10 seconds.
 */
export async function createLogger(options: LoggingOptions): Promise<Logging> {
  // Workers share their files, so that one of them is enough to warn of what cannot be written.
  const level = (options.worker ?? 1) === 1 ? 'warn' : 'debug';
  const streams = await makeLogStreams(options, (fields, message) => logger[level](fields, message));
  const { main, startup, open, ...controls } = streams;
  const logger = pino(pinoOptions(options), main);
  const startupLogger = startup === main ? logger : pino(pinoOptions(options), startup);
  open();
  return { logger, startupLogger, ...controls };
}

function pinoOptions({ config, name, worker }: LoggingOptions): LoggerOptions {
  return {
    level: config.level,
    base: { service: name, pid: process.pid, ...(worker === undefined ? {} : { worker }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    serializers: {
      err: (error: unknown) => serializeError(error),
      error: (error: unknown) => serializeError(error),
    },
    mixin: () => ({ ...requestContext.getStore() }),
  };
}
