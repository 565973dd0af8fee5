import {
  ConfigurationError,
  loadConfig,
  processSource,
  renderFindings,
  type ConfigSource,
  type ListenAddresses,
} from '@app/config';
import { cloneFolder, isPortTaken, startDevServices, type DevServices } from '@app/dev-services';
import { AppError, coreErrors, exitCodes } from '@app/errors';
import { abandonmentWatch } from './abandonment.js';
import { backend, dbInit, watchedBackend } from './programs.js';
import { untilReady } from './ready-line.js';
import { runProgram } from './run-program.js';
import { listenForShutdown, type ShutdownRequest } from './shutdown-request.js';
import { listenAddresses, missingDatastores } from './start-environment.js';

/** Above what the backend allows itself, so that its own end by force comes first. */
const extraGraceSeconds = 5;

export interface StartOptions {
  readonly fresh: boolean;
  readonly watch: boolean;
}

/**
 * Brings up servers for the datastores whose URL is not set, runs db-init, starts the backend, and stops all
 * that when it is asked to by a signal or when the backend ends. Returns the exit code: that of db-init where
 * it failed, else that of the backend, or 0 if the signal came before.
 */
export async function runStart(options: StartOptions): Promise<number> {
  try {
    return await start(options);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${renderFindings(error)}\n`);
    return exitCodes.config;
  }
}

async function start(options: StartOptions): Promise<number> {
  const root = cloneFolder();
  const source: ConfigSource = { ...processSource(), directory: root };
  const datastores = await missingDatastores(source);
  const addresses = await listenAddresses(source);
  const shutdown = listenForShutdown({
    signals: process,
    now: () => performance.now(),
    isAbandoned: abandonmentWatch(source.env),
  });
  let services: DevServices | undefined;
  try {
    services = await startDevServices({
      datastores,
      fresh: options.fresh,
      onProgress: say,
      signal: shutdown.signal,
    });
    // Only now: what a killed run has left is gone when its data is free again.
    if (await isPortTaken(addresses.port, addresses.host)) {
      throw new AppError(coreErrors.port_in_use, `Port ${addresses.port} of ${addresses.host} is in use.`);
    }
    return await runApplication({ source, addresses, services, shutdown, watch: options.watch });
  } catch (error) {
    if (shutdown.signal.aborted && services === undefined) return exitCodes.ok;
    throw error;
  } finally {
    await services?.stop();
    shutdown.close();
  }
}

interface Application {
  readonly source: ConfigSource;
  readonly addresses: ListenAddresses;
  readonly services: DevServices;
  readonly shutdown: ShutdownRequest;
  readonly watch: boolean;
}

async function runApplication(application: Application): Promise<number> {
  const { source, addresses, services, shutdown } = application;
  const root = source.directory;
  const env = {
    ...source.env,
    NODE_ENV: source.env['NODE_ENV'] || 'development',
    PORT: String(addresses.port),
    MANAGEMENT_PORT: String(addresses.managementPort),
    ...services.urls,
  };
  const { config } = await loadConfig(['lifetime'], source);
  const initCode = await runProgram(services, dbInit(root, env), shutdown);
  if (shutdown.signal.aborted) return exitCodes.ok;
  if (initCode !== exitCodes.ok) return initCode;

  const graceSeconds = Math.ceil(config.lifetime.shutdownTimeoutMs / 1000) + extraGraceSeconds;
  const command = (application.watch ? watchedBackend : backend)(root, env, graceSeconds);
  const ended = new AbortController();
  const waiting = AbortSignal.any([shutdown.signal, ended.signal]);
  const announced = untilReady(addresses, waiting).then(say, (error: unknown) => {
    if (!waiting.aborted) throw error;
  });
  const code = await runProgram(services, command, shutdown);
  ended.abort();
  await announced;
  return code;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
