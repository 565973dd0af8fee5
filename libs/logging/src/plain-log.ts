import type { LogLevel } from '@app/config';
import { type LogControls, type LogStreams, type LogStreamsOptions, makeLogStreams } from './log-streams.js';
import { serializeError } from './serialize-error.js';

type Fields = Readonly<Record<string, unknown>>;

export interface PlainLog extends LogControls {
  /** Writes a line, where its level is logged; an error is given as `err`. */
  readonly line: (level: LogLevel, fields: Fields, message: string) => void;
  /** The same for the phases of the start, into `backend_startup.log` too. */
  readonly startupLine: PlainLog['line'];
}

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/**
 * The log of a process that must be small and writes little: the same lines as of `createLogger`, without pino, which
 * takes 7 MB. That a file cannot be written it leaves to its workers to tell.
 */
export async function createPlainLog(
  options: LogStreamsOptions & { readonly name: string },
): Promise<PlainLog> {
  const { config, name } = options;
  const least = levels.indexOf(config.level);
  const writer =
    ({ write }: LogStreams['main']): PlainLog['line'] =>
    (level, { err, ...fields }, message) => {
      if (levels.indexOf(level) < least) return;
      const head = { level, time: new Date().toISOString(), service: name, pid: process.pid };
      const error = err === undefined ? {} : { err: serializeError(err) };
      write(`${JSON.stringify({ ...head, ...fields, ...error, msg: message })}\n`);
    };
  const streams = await makeLogStreams(options, () => undefined);
  const { main, startup, open, redact, reopen, flush, close } = streams;
  open();
  return { line: writer(main), startupLine: writer(startup), redact, reopen, flush, close };
}
