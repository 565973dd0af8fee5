import { AppError, defineErrors, exitCodes, type AppErrorOptions } from '@app/errors';

export const devServiceErrors = defineErrors({
  dev_service_not_installed: {
    kind: 'unavailable',
    title: 'A server for development is not installed',
    advice: 'Install it with the command that is named, or set the URL of a server that runs.',
    exitCode: exitCodes.unavailable,
  },
  dev_service_not_started: {
    kind: 'unavailable',
    title: 'A server for development did not start',
    advice: 'Read the last lines of its log.',
    exitCode: exitCodes.unavailable,
  },
  dev_service_data_in_use: {
    kind: 'unavailable',
    title: 'The data of a server for development is in use',
    advice: 'Stop the process that is named first.',
    exitCode: exitCodes.unavailable,
  },
  dev_service_data_unusable: {
    kind: 'unavailable',
    title: 'The kept data of a server for development cannot be used',
    advice: 'Begin empty with: npm start -- --fresh',
    exitCode: exitCodes.unavailable,
  },
});

export interface MissingServer {
  readonly title: string;
  readonly why: string;
  /** What installs it on this system, one by one. */
  readonly commands: readonly string[];
}

/** Servers of which there is no binary, and none could be fetched; the advice has the commands for them all. */
export class ServerNotInstalledError extends AppError {
  readonly missing: readonly MissingServer[];

  constructor(missing: readonly MissingServer[], cause?: unknown) {
    const detail = missing.map(({ title, why }) => `${title} is not installed: ${why}.`).join(' ');
    const commands = [...new Set(missing.flatMap((server) => server.commands))];
    super(devServiceErrors.dev_service_not_installed, detail, {
      advice: `Run: ${commands.join(' && ')} (or set the URL of a server that runs).`,
      data: { missing },
      cause,
    });
    this.missing = missing;
  }
}

/** The server ended or kept silent while it was started; the detail has the last lines of its log. */
export class ServerNotStartedError extends AppError {
  readonly log: string;

  constructor(server: string, what: string, log: string, advice?: string) {
    super(devServiceErrors.dev_service_not_started, `${server} ${what}. Its log ends with:\n${log}\n`, {
      ...(advice === undefined ? {} : { advice }),
      data: { server },
    });
    this.log = log;
  }
}

/** Another process that lives holds the folder. */
export class DataInUseError extends AppError {
  constructor(path: string, pid: number) {
    super(devServiceErrors.dev_service_data_in_use, `Process ${pid} uses ${path}.`, {
      advice: `Stop process ${pid} first (or work in another clone).`,
      data: { path, pid },
    });
  }
}

export class DataUnusableError extends AppError {
  constructor(detail: string, options: Pick<AppErrorOptions, 'advice' | 'cause'> = {}) {
    super(devServiceErrors.dev_service_data_unusable, detail, options);
  }
}
