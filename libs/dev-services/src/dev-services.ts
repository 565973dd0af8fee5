import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { DatastoreName } from '@app/errors';
import { devDataFolder, reachableFolder } from './dev-data.js';
import type { DevServer, Progress } from './dev-server.js';
import { ServerNotInstalledError } from './errors.js';
import { spawnGuarded, type GuardedCommand } from './guarded-process.js';
import { Guardian } from './guardian.js';
import { announceUrls, type DatastoreUrls, withdrawUrls } from './running-urls.js';
import { unprivilegedUser } from './server-user.js';
import { startInfluxdb, startPostgres, startRedis, type Setting } from './start-server.js';

const services = {
  postgres: { variable: 'DATABASE_URL', start: startPostgres },
  redis: { variable: 'REDIS_URL', start: startRedis },
  influxdb: { variable: 'INFLUXDB_URL', start: startInfluxdb },
} as const satisfies Record<DatastoreName, unknown>;

export interface DevServicesOptions {
  /** The datastores to start. */
  readonly datastores: readonly DatastoreName[];
  /** Begins with empty datastores. */
  readonly fresh?: boolean;
  /** Where the data is kept; the clone's ignored folder if it is not given. */
  readonly directory?: string;
  readonly onProgress?: Progress;
  /** Stops what has been started so far and rejects. */
  readonly signal?: AbortSignal;
}

/** The servers that this process started for development. */
export interface DevServices {
  readonly urls: DatastoreUrls;
  /** Starts a program that, whatever happens to this process, is ended before the servers are. */
  spawn(command: GuardedCommand): Promise<ChildProcess>;
  /** Ends first the programs that still run and then the servers; resolves when all are gone. */
  stop(): Promise<void>;
}

/**
 * Starts servers whose data is kept between starts, all at once, and resolves when each of them answers.
 * Throws a ServerNotInstalledError, ServerNotStartedError, DataInUseError or DataUnusableError, and leaves
 * nothing running then.
 */
export async function startDevServices(options: DevServicesOptions): Promise<DevServices> {
  const {
    datastores,
    fresh = false,
    directory = devDataFolder(),
    onProgress: say = () => undefined,
  } = options;
  options.signal?.throwIfAborted();
  const guardian = await Guardian.start();
  const breakOff = new AbortController();
  const abort = (reason: unknown) => {
    breakOff.abort(reason);
    // It stops also a server that is still waited for.
    void guardian.end();
  };
  const onAbort = () => abort(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });

  const setting: Setting = { guardian, fresh, say, signal: breakOff.signal };
  const starts = datastores.map((name) => startOne(name, directory, setting));
  for (const start of starts) {
    start.catch((error: unknown) => {
      // What is not installed is to be known of all. Anything else is the reason, and what the others say
      // after that is its consequence.
      if (!(error instanceof ServerNotInstalledError)) abort(error);
    });
  }
  const results = await Promise.allSettled(starts);
  options.signal?.removeEventListener('abort', onAbort);

  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await withdrawUrls(directory);
    await guardian.end();
    await Promise.all(started.map(({ server }) => server.stop()));
  };
  try {
    breakOff.signal.throwIfAborted();
    requireInstalled(results);
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = Object.fromEntries(started.map(({ variable, server }) => [variable, server.url]));
  if (started.length > 0) await announceUrls(directory, urls);
  return {
    urls,
    spawn: (command) => spawnGuarded(guardian, command),
    stop,
  };
}

function requireInstalled(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons: unknown[] = results.map((result) =>
    result.status === 'rejected' ? result.reason : undefined,
  );
  const missing = reasons.flatMap((reason) =>
    reason instanceof ServerNotInstalledError ? reason.missing : [],
  );
  if (missing.length > 0) throw new ServerNotInstalledError(missing);
}

async function startOne(
  name: DatastoreName,
  directory: string,
  setting: Setting,
): Promise<{ variable: keyof DatastoreUrls; server: DevServer }> {
  const { variable, start } = services[name];
  const folder = join(directory, name);
  const home =
    name === 'postgres' ? await reachableFolder(directory, await unprivilegedUser(folder)) : directory;
  const begin = performance.now();
  const server = await start({ dataDir: join(home, name) }, setting);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  setting.say(`${name} ${server.version} ready on 127.0.0.1:${server.port} in ${seconds} s`);
  return { variable, server };
}
