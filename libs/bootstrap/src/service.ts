import { type Config, configCategories, ConfigurationError, loadConfig, nodeFlags } from '@app/config';
import { processSource, renderFindings } from '@app/config';
import { readContainerLimits } from '@app/container';
import { AppError, datastoreNames, type ExitCode, exitCodes } from '@app/errors';
import { HealthAnswers } from '@app/health';
import { serverLimits } from '@app/http';
import { Lifecycle, watchMemory } from '@app/lifecycle';
import type { Logging } from '@app/logging';
import type { FamilyText } from '@app/metrics';
import { earlyHandler } from './early-handler.js';
import { FrontDoor } from './front-door.js';
import { probeShortcut } from './probe-shortcut.js';
import type { ServiceApplication, ServiceDefinition } from './service-definition.js';
import type { EndOrder, HostedService, ServiceHost } from './service-host.js';
import { openServiceLog } from './service-log.js';
import { shutDown, type ShutdownOptions } from './shutdown-timeline.js';
import { StandaloneHost } from './standalone-host.js';
import { startUp } from './startup-sequence.js';
import type { ProcessVitals } from './worker-report.js';

/** A start that has served nobody yet has only to give back what it holds. */
const endOfStart: ShutdownOptions = { drainDelayMs: 0, timeoutMs: 1_000 };
/** How long a worker that was replaced waits for its clients to go, at most; in milliseconds and of the whole time. */
const linger = { longestMs: 5_000, part: 1 / 3 };

/** Does the work of `runService`. */
export async function serve(definition: ServiceDefinition, host?: ServiceHost): Promise<ExitCode> {
  const lifecycle = new Lifecycle(datastoreNames);
  const memoryLimit = readContainerLimits().memory.limitBytes;
  const place = host ?? new StandaloneHost(memoryLimit);
  try {
    const loaded = await lifecycle.startup.run('validate', () =>
      loadConfig(configCategories, processSource()),
    );
    const logging = await openServiceLog(loaded, lifecycle, place.worker);
    const { config } = loaded;
    return await new Service({ definition, host: place, lifecycle, config, logging, memoryLimit }).run();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${renderFindings(error)}\n`);
    return exitCodes.config;
  }
}

interface ServiceParts {
  readonly definition: ServiceDefinition;
  readonly host: ServiceHost;
  readonly lifecycle: Lifecycle;
  readonly config: Config;
  readonly logging: Logging;
  /** The container's, in bytes. */
  readonly memoryLimit: number | undefined;
}

class Service implements HostedService {
  readonly config: Config;
  readonly logging: Logging;
  readonly lifecycle: Lifecycle;
  readonly health: HealthAnswers;
  readonly frontDoor: FrontDoor;
  readonly #parts: ServiceParts;
  readonly #host: ServiceHost;
  readonly #stop = new AbortController();
  readonly #forced = Promise.withResolvers<ExitCode>();
  #order: EndOrder | undefined;
  #application: ServiceApplication | undefined;

  constructor(parts: ServiceParts) {
    const { definition, host, lifecycle, config, logging } = parts;
    const { app, health } = config;
    this.#parts = parts;
    this.#host = host;
    this.lifecycle = lifecycle;
    this.config = config;
    this.logging = logging;
    this.health = new HealthAnswers(lifecycle, {
      name: app.name,
      version: definition.build.version,
      critical: health.critical,
      intervalMs: health.intervalMs,
    });
    const shortcut = probeShortcut(this.health, logging.logger);
    this.frontDoor = new FrontDoor(serverLimits(app), earlyHandler(this.health), shortcut);
  }

  vitals(): ProcessVitals {
    const { rss, heapUsed } = process.memoryUsage();
    return {
      phase: this.lifecycle.application.phase,
      memory: { rss, heapUsed },
      eventLoop: this.lifecycle.overload.eventLoop.report,
      pools: this.#application?.pools?.() ?? {},
    };
  }

  async metrics(): Promise<readonly FamilyText[]> {
    return (await this.#application?.metrics?.()) ?? [];
  }

  async run(): Promise<ExitCode> {
    this.#listen();
    const code = await Promise.race([this.#live(), this.#forced.promise]);
    this.logging.flush();
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
    const failed = await this.#end(this.#shutdownOptions());
    return failed ? exitCodes.software : exitCodes.ok;
  }

  async #start(): Promise<void> {
    await this.#host.open(this);
    await startUp(
      {
        config: this.config,
        lifecycle: this.lifecycle,
        load: () => this.#load(),
        warn: ({ code, detail, advice }) => this.logging.startupLogger.warn({ code }, `${detail} ${advice}`),
      },
      this.#stop.signal,
    );
    this.#watchForOverload();
    this.#host.ready();
  }

  /** Only now: loading the application holds up the event loop, and nobody is served yet. */
  #watchForOverload(): void {
    const { overload } = this.lifecycle;
    watchMemory(overload, { flags: nodeFlags(), memoryLimit: this.#host.memoryShareBytes });
    overload.start();
  }

  async #load(): Promise<ServiceApplication> {
    const { definition, memoryLimit } = this.#parts;
    const application = await definition.load({
      config: this.config,
      lifecycle: this.lifecycle,
      logging: this.logging,
      health: this.health,
      build: definition.build,
      memoryLimit,
      server: this.frontDoor.server,
      worker: this.#host.worker,
      firstStart: this.#host.firstStart,
      workers: () => this.#host.workers(),
    });
    this.#application = application;
    this.frontDoor.handOver(application.handler);
    return application;
  }

  #shutdownOptions(): ShutdownOptions {
    const { shutdownDrainDelayMs, shutdownTimeoutMs: timeoutMs } = this.config.lifetime;
    switch (this.#order?.manner) {
      case 'replace': {
        const lingerMs = Math.min(linger.longestMs, timeoutMs * linger.part);
        return { drainDelayMs: 0, timeoutMs, lingerMs };
      }
      case 'abandoned':
        return { drainDelayMs: 0, timeoutMs };
      case 'drain':
      case undefined:
        return { drainDelayMs: shutdownDrainDelayMs, timeoutMs };
    }
  }

  /** Ends everything; returns whether a step failed. */
  async #end(options: ShutdownOptions): Promise<boolean> {
    const { logger } = this.logging;
    const failures = await shutDown(this.#order?.cause ?? 'start failed', options, {
      lifecycle: this.lifecycle,
      frontDoor: this.frontDoor,
      stopAccepting: () => this.#host.stopAccepting(),
      closeApplication: async () => this.#application?.close(),
      reached: (signal, afterMs) => logger.info({ signal, afterMs }, `shutdown: ${signal}`),
      stepEnded: (step, durationMs, err) => {
        if (err === undefined) logger.debug({ step, durationMs }, `${step} done`);
        else logger.error({ step, durationMs, err }, err.message);
      },
    });
    this.lifecycle.overload.stop();
    await this.#host.close();
    return failures.length > 0;
  }

  #listen(): void {
    const { logger } = this.logging;
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
    this.#host.listenForOrders({
      end: (order) => {
        this.#order = order;
        this.#stop.abort(order.cause);
        const { shutdownTimeoutMs } = this.config.lifetime;
        const late = `SHUTDOWN_TIMEOUT of ${String(shutdownTimeoutMs)} ms is over`;
        setTimeout(() => force(late), shutdownTimeoutMs);
      },
      force,
    });
  }

  #report(error: unknown): void {
    this.logging.startupLogger.fatal({ err: error }, error instanceof Error ? error.message : String(error));
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
