import type { Server } from 'node:http';
import {
  type Config,
  configCategories,
  type Finding,
  ConfigurationError,
  loadConfig,
  nodeFlags,
  processSource,
  renderFindings,
  secretsOf,
} from '@app/config';
import { readContainerLimits } from '@app/container';
import { AppError, datastoreNames, type ExitCode, exitCodes } from '@app/errors';
import { HealthAnswers } from '@app/health';
import { serverLimits } from '@app/http';
import { HeapPressure, Lifecycle } from '@app/lifecycle';
import { createLogger, type Logging } from '@app/logging';
import { createManagementServer } from '@app/metrics';
import { earlyHandler } from './early-handler.js';
import { FrontDoor, type RequestHandler } from './front-door.js';
import { listen } from './listen.js';
import { logLifecycle } from './lifecycle-log.js';
import { probeShortcut } from './probe-shortcut.js';
import type { BuildInfo, ServiceContext } from './service-context.js';
import { listenToShutdownSignals } from './shutdown-signals.js';
import { shutDown, type ShutdownOptions } from './shutdown-timeline.js';
import { startUp, type StartingApplication } from './startup-sequence.js';

/** An application that is loaded and stands behind the front door. */
export interface ServiceApplication extends StartingApplication {
  readonly handler: RequestHandler;
  /** Runs the shutdown hooks of its modules; rejects when one failed. */
  close(): Promise<void>;
}

export interface ServiceDefinition {
  readonly build: BuildInfo;
  /** Loads the application; called once the front door answers. */
  load(context: ServiceContext): Promise<ServiceApplication>;
}

/** A start that has served nobody yet has only to give back what it holds. */
const endOfStart: ShutdownOptions = { drainDelayMs: 0, timeoutMs: 1_000 };

/**
 * Runs a service from the check of its environment to its end and returns the exit code. Everything is written to the
 * log, and the log is flushed; the caller has only to exit.
 */
export async function runService(definition: ServiceDefinition): Promise<ExitCode> {
  const lifecycle = new Lifecycle(datastoreNames);
  try {
    const { config, warnings } = await lifecycle.startup.run('validate', () =>
      loadConfig(configCategories, processSource()),
    );
    return await new Service(definition, lifecycle, config, await openLog(config, lifecycle, warnings)).run();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${renderFindings(error)}\n`);
    return exitCodes.config;
  }
}

async function openLog(config: Config, lifecycle: Lifecycle, warnings: readonly Finding[]): Promise<Logging> {
  const logging = await createLogger({
    config: config.logging,
    name: config.app.name,
    files: 'application',
    secrets: secretsOf(config),
  });
  logLifecycle(lifecycle, logging);
  for (const { variable, problem } of warnings)
    logging.startupLogger.warn({ variable }, `${variable}: ${problem}`);
  return logging;
}

class Service {
  readonly #definition: ServiceDefinition;
  readonly #lifecycle: Lifecycle;
  readonly #config: Config;
  readonly #logging: Logging;
  readonly #health: HealthAnswers;
  readonly #frontDoor: FrontDoor;
  readonly #management: Server;
  readonly #memoryLimit = readContainerLimits().memory.limitBytes;
  readonly #stop = new AbortController();
  readonly #forced = Promise.withResolvers<ExitCode>();
  #application: ServiceApplication | undefined;

  constructor(definition: ServiceDefinition, lifecycle: Lifecycle, config: Config, logging: Logging) {
    const { app, health } = config;
    this.#definition = definition;
    this.#lifecycle = lifecycle;
    this.#config = config;
    this.#logging = logging;
    this.#health = new HealthAnswers(lifecycle, {
      name: app.name,
      version: definition.build.version,
      critical: health.critical,
      intervalMs: health.intervalMs,
    });
    const shortcut = probeShortcut(this.#health, logging.logger);
    this.#frontDoor = new FrontDoor(serverLimits(app), earlyHandler(this.#health), shortcut);
    this.#management = createManagementServer({
      answers: {
        livez: () => this.#health.liveness(),
        readyz: () => this.#health.readiness(),
        startupz: () => this.#health.startup(),
      },
      failed: (err) => logging.logger.error({ err }, 'The management server could not answer.'),
    });
  }

  async run(): Promise<ExitCode> {
    this.#listenToTheProcess();
    const code = await Promise.race([this.#live(), this.#forced.promise]);
    this.#logging.flush();
    return code;
  }

  async #live(): Promise<ExitCode> {
    try {
      await this.#start();
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#report(error);
      await this.#end(endOfStart);
      return this.#stop.signal.aborted ? exitCodes.ok : exitCodeOf(error);
    }
    await aborted(this.#stop.signal);
    const { shutdownDrainDelayMs, shutdownTimeoutMs } = this.#config.lifetime;
    const failed = await this.#end({ drainDelayMs: shutdownDrainDelayMs, timeoutMs: shutdownTimeoutMs });
    return failed ? exitCodes.software : exitCodes.ok;
  }

  async #start(): Promise<void> {
    const { host, port, managementHost, managementPort } = this.#config.app;
    const api = await listen(this.#frontDoor.server, {
      host,
      port,
      variables: { host: 'HOST', port: 'PORT' },
    });
    const management = await listen(this.#management, {
      host: managementHost,
      port: managementPort,
      variables: { host: 'MANAGEMENT_HOST', port: 'MANAGEMENT_PORT' },
    });
    const addresses = {
      api: `http://${host}:${String(api)}`,
      management: `http://${managementHost}:${String(management)}`,
    };
    this.#logging.startupLogger.info(
      addresses,
      `listening on ${addresses.api}, management on ${addresses.management}`,
    );
    await startUp(
      {
        config: this.#config,
        lifecycle: this.#lifecycle,
        load: () => this.#load(),
        warn: ({ code, detail, advice }) => this.#logging.startupLogger.warn({ code }, `${detail} ${advice}`),
      },
      this.#stop.signal,
    );
    this.#watchForOverload();
  }

  /** Only now: loading the application holds up the event loop, and nobody is served yet. */
  #watchForOverload(): void {
    const { overload } = this.#lifecycle;
    overload.register(new HeapPressure({ flags: nodeFlags(), memoryLimit: this.#memoryLimit }));
    overload.start();
  }

  async #load(): Promise<ServiceApplication> {
    const application = await this.#definition.load({
      config: this.#config,
      lifecycle: this.#lifecycle,
      logging: this.#logging,
      health: this.#health,
      build: this.#definition.build,
      memoryLimit: this.#memoryLimit,
      server: this.#frontDoor.server,
    });
    this.#application = application;
    this.#frontDoor.handOver(application.handler);
    return application;
  }

  /** Ends everything; returns whether a step failed. */
  async #end(options: ShutdownOptions): Promise<boolean> {
    const { logger } = this.#logging;
    const failures = await shutDown(String(this.#stop.signal.reason ?? 'start failed'), options, {
      lifecycle: this.#lifecycle,
      frontDoor: this.#frontDoor,
      closeApplication: async () => this.#application?.close(),
      reached: (signal, afterMs) => logger.info({ signal, afterMs }, `shutdown: ${signal}`),
      stepEnded: (step, durationMs, err) => {
        if (err === undefined) logger.debug({ step, durationMs }, `${step} done`);
        else logger.error({ step, durationMs, err }, err.message);
      },
    });
    this.#lifecycle.overload.stop();
    this.#management.close().closeAllConnections();
    return failures.length > 0;
  }

  #listenToTheProcess(): void {
    const { logger } = this.#logging;
    const fail = (error: unknown): void => {
      this.#report(error);
      this.#forced.resolve(exitCodes.software);
    };
    process.on('uncaughtException', fail);
    process.on('unhandledRejection', fail);
    const force = (why: string): void => {
      logger.fatal(`Ended by force: ${why}.`);
      this.#forced.resolve(exitCodes.forced);
    };
    listenToShutdownSignals(process, {
      shutDown: (signal) => {
        this.#stop.abort(signal);
        const { shutdownTimeoutMs } = this.#config.lifetime;
        setTimeout(
          () => force(`SHUTDOWN_TIMEOUT of ${String(shutdownTimeoutMs)} ms is over`),
          shutdownTimeoutMs,
        );
      },
      force: (signal) => force(`a second ${signal}`),
    });
  }

  #report(error: unknown): void {
    this.#logging.startupLogger.fatal({ err: error }, error instanceof Error ? error.message : String(error));
  }
}

function exitCodeOf(error: unknown): ExitCode {
  return (error instanceof AppError ? error.definition.exitCode : undefined) ?? exitCodes.software;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
