import { join } from 'node:path';
import { isatty } from 'node:tty';
import type { LoggingConfig } from '@app/config';
import { LogOutages } from './log-outages.js';
import { LogSink, type LogSinkListener, type LogTarget } from './log-sink.js';
import { logFile, standardOutput } from './log-targets.js';
import { redactSecrets } from './redaction.js';

export interface LogStreamsOptions {
  readonly config: LoggingConfig;
  /**
   * The files beside standard output. `application`: LOG_FILE, and `backend_startup.log` in LOG_DIR for the lines
   * of the start. `init`: `init.log` in LOG_DIR. None by default.
   */
  readonly files?: 'application' | 'init' | 'none';
  /** Values that no line may show. */
  readonly secrets?: readonly string[];
  /** Takes the place of standard output, for tests. */
  readonly destination?: { write(line: string): void };
}

/** What can be done with the files of a log. */
export interface LogControls {
  /** From now on hides these values too. */
  readonly redact: (secrets: readonly string[]) => void;
  /** After a rotation from outside: writes to the files that are now at the paths. */
  readonly reopen: () => void;
  /** Blocks until every line is written, at most a second; the process may exit right after. */
  readonly flush: () => void;
  /** Closes the files. A line that comes later opens them again. */
  readonly close: () => void;
}

type WriteLine = (line: string) => void;

/** Where the lines of a process go, in JSON with a line break each. */
export interface LogStreams extends LogControls {
  readonly main: { readonly write: WriteLine };
  /** For the phases of the start: its lines go to `backend_startup.log` too. The same as `main` where there is none. */
  readonly startup: { readonly write: WriteLine };
  /** Opens the files now, so that one that cannot be written is known at the start. */
  readonly open: () => void;
}

const flushTimeoutMs = 1_000;

/**
 * Makes the streams: JSON lines on standard output (or for people, with LOG_FORMAT=pretty) and in the files. A file that
 * cannot be written, or the folder of several, is one warning in the others, and is tried again every 10 seconds.
 * @param warn Writes a line.
 */
export async function makeLogStreams(
  options: LogStreamsOptions,
  warn: (fields: Readonly<Record<string, unknown>>, message: string) => void,
): Promise<LogStreams> {
  const { config, files = 'none' } = options;
  const outages = new LogOutages();
  const listener: LogSinkListener = {
    failed: (target, err) => {
      if (outages.begins(target, err))
        warn({ err, target }, `The log cannot be written to ${target}; it goes on without.`);
    },
    recovered: (target, lost) => {
      outages.ends(target);
      warn({ target, lost }, `The log is written to ${target} again; lines missing: ${String(lost)}.`);
    },
  };
  const sinks: LogSink[] = [];
  const sink = (target: LogTarget): WriteLine => {
    const made = new LogSink(target, listener);
    sinks.push(made);
    return (line) => made.write(line);
  };

  const main: WriteLine[] = [await visible(options, () => sink(standardOutput))];
  const startup: WriteLine[] = [];
  if (files === 'application' && config.file !== undefined) main.push(sink(logFile(config.file)));
  if (files === 'application' && config.dir !== undefined)
    startup.push(sink(logFile(join(config.dir, 'backend_startup.log'))));
  if (files === 'init' && config.dir !== undefined) main.push(sink(logFile(join(config.dir, 'init.log'))));

  const secrets = [...(options.secrets ?? [])];
  let scrub = redactSecrets(secrets);
  const stream = (writers: readonly WriteLine[]): { readonly write: WriteLine } => ({
    write(line) {
      const scrubbed = scrub(line);
      for (const write of writers) write(scrubbed);
    },
  });
  const mainStream = stream(main);
  return {
    main: mainStream,
    startup: startup.length === 0 ? mainStream : stream([...main, ...startup]),
    open: () => sinks.forEach((made) => made.open()),
    redact(more) {
      secrets.push(...more);
      scrub = redactSecrets(secrets);
    },
    reopen: () => sinks.forEach((made) => made.reopen()),
    flush: () => sinks.forEach((made) => made.flush(flushTimeoutMs)),
    close: () => sinks.forEach((made) => made.close()),
  };
}

async function visible(
  { config, destination }: LogStreamsOptions,
  output: () => WriteLine,
): Promise<WriteLine> {
  const write: WriteLine = destination === undefined ? output() : (line) => destination.write(line);
  if (config.format === 'json') return write;
  // Only people's terminals need the printer: production must not load it.
  const { prettyPrinter } = await import('./pretty.js');
  const print = prettyPrinter(destination === undefined && isatty(1));
  return (line) => write(print(line));
}
