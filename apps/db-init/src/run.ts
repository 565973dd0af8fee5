import type { InitStatus } from '@app/bootstrap';
import { ConfigurationError, type ConfigSource, renderFindings, secretsOf } from '@app/config';
import { AppError, type ExitCode, exitCodes } from '@app/errors';
import { createLogger, type Logger, redactSecrets } from '@app/logging';
import { StatusFileError } from './db-init.errors.js';
import { type InitConfig, loadInitConfig } from './init-config.js';
import { InitJob } from './init-job.js';
import { writeStatusFile } from './status-file.js';

/**
 * Runs the init job from the check of its environment to its end and returns the exit code. Everything is in the log,
 * which is flushed, and in the status file; the caller has only to exit.
 *
 * @param signal Ends the job; its reason is an AppError.
 */
export async function run(source: ConfigSource, signal: AbortSignal): Promise<ExitCode> {
  try {
    const { config, warnings } = await loadInitConfig(source);
    const secrets = secretsOf(config);
    const logging = await createLogger({ config: config.logging, name: 'db-init', files: 'init', secrets });
    for (const { variable, problem } of warnings)
      logging.logger.warn({ variable }, `${variable}: ${problem}`);
    try {
      return await new InitRun(config, logging.logger, signal, redactSecrets(secrets)).run();
    } finally {
      logging.flush();
      logging.close();
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${renderFindings(error)}\n`);
    return exitCodes.config;
  }
}

/** One run of the job, told in the status file. */
class InitRun {
  readonly #config: InitConfig;
  readonly #logger: Logger;
  readonly #job: InitJob;
  readonly #redact: (text: string) => string;
  readonly #startedAt = new Date();

  constructor(config: InitConfig, logger: Logger, signal: AbortSignal, redact: (text: string) => string) {
    this.#config = config;
    this.#logger = logger;
    this.#job = new InitJob(config, logger, signal);
    this.#redact = redact;
  }

  async run(): Promise<ExitCode> {
    this.#logger.info('db-init begins.');
    try {
      await this.#tell({ state: 'running', migrations: [] });
      const migrations = await this.#job.run();
      await this.#tell({ state: 'completed', ...this.#finishedAt(), migrations });
      this.#logger.info({ durationMs: Date.now() - this.#startedAt.getTime() }, 'db-init is done.');
      return exitCodes.ok;
    } catch (error) {
      return await this.#fail(error);
    } finally {
      await this.#job.close();
    }
  }

  async #fail(error: unknown): Promise<ExitCode> {
    const known = error instanceof AppError;
    this.#logger.error(
      { err: error },
      known ? error.message : 'An error that nobody expected. Please report it.',
    );
    if (!(error instanceof StatusFileError)) await this.#tellFailure(known ? error.detail : String(error));
    return (known ? error.definition.exitCode : undefined) ?? exitCodes.software;
  }

  async #tellFailure(detail: string): Promise<void> {
    // The backend tells the reason in the middle of a sentence, which has no full stop.
    const reason = this.#redact(detail).replace(/\.$/, '');
    const migrations = await this.#job.migrations();
    try {
      await this.#tell({ state: 'failed', ...this.#finishedAt(), migrations, error: reason });
    } catch (error) {
      this.#logger.error({ err: error }, 'The backend cannot be told of the failure.');
    }
  }

  /** Only a backend that waits for the file needs it: for others a folder that is not there is no reason to fail. */
  async #tell(status: Omit<InitStatus, 'startedAt'>): Promise<void> {
    const { initStatusFile, initWait } = this.#config.lifetime;
    const { state, ...rest } = status;
    try {
      await writeStatusFile(initStatusFile, { state, startedAt: this.#startedAt.toISOString(), ...rest });
    } catch (error) {
      const failure = new StatusFileError(initStatusFile, error);
      if (initWait === 'file') throw failure;
      this.#logger.warn({ err: error }, failure.detail);
    }
  }

  #finishedAt(): { readonly finishedAt: string } {
    return { finishedAt: new Date().toISOString() };
  }
}
