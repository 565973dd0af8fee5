import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type DevServer, startInfluxdb, startPostgres, startRedis } from '@app/dev-services';
import type { DatastoreName } from '@app/errors';
import { FaultProxy, type TemporaryFolder, temporaryFolder } from '@app/testing';
import { type Environment, runApp } from '../../support/programs.js';
import type { FaultName } from './cell.js';
import { type Login, logins } from './logins.js';
import { settings } from './settings.js';

/** The datastores of one cell, of which one is the target of the fault; for `await using`. */
export interface Stand extends AsyncDisposable {
  readonly target: DatastoreName;
  readonly servers: Readonly<Record<DatastoreName, DevServer>>;
  /** In front of the target where the fault is one of the network. */
  readonly proxy: FaultProxy | undefined;
  /** The backend's on the target where the fault is one of credentials. */
  readonly login: Login | undefined;
  /** What a backend needs to run on them. */
  readonly env: Environment;
  /** Lets the start go beyond the init wait: db-init has run, but its status file is not there before. */
  release(): Promise<void>;
}

export type Way = 'directly' | 'by proxy' | 'with a login';

/** Starts servers of its own, with migrations and seed, and the way to the target that a fault needs. */
export async function standUp(target: DatastoreName, fault: FaultName, way: Way): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const auth = way === 'with a login' && target === 'influxdb';
  const [postgres, redis, influxdb] = await Promise.all([
    startPostgres(),
    startRedis(),
    startInfluxdb(auth ? { env: { INFLUXDB_HTTP_AUTH_ENABLED: 'true' } } : {}),
  ]);
  const servers = { postgres, redis, influxdb };
  for (const server of Object.values(servers)) stack.defer(() => server.stop());
  const login = way === 'with a login' ? logins[target](servers[target]) : undefined;
  await login?.create();
  const proxy = way === 'by proxy' ? stack.use(await FaultProxy.start(servers[target].port)) : undefined;

  const urls = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, INFLUXDB_URL: influxdb.url };
  const status = join(folder.path, 'status.json');
  const init = await runApp('db-init', { ...urls, ...login?.env, INIT_STATUS_FILE: status });
  if (init.code !== 0)
    throw new Error(`db-init ended with ${String(init.code)}\n${init.stdout}${init.stderr}`);

  const held = stack.move();
  return {
    target,
    servers,
    proxy,
    login,
    env: {
      ...urls,
      ...(proxy === undefined ? {} : throughProxy(target, servers[target], proxy)),
      ...login?.env,
      ...settings(fault),
      INIT_WAIT: 'file',
      INIT_STATUS_FILE: gateOf(folder),
    },
    release: async () => {
      await copyFile(status, `${gateOf(folder)}.new`);
      await rename(`${gateOf(folder)}.new`, gateOf(folder));
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const gateOf = (folder: TemporaryFolder): string => join(folder.path, 'gate.json');

const variables: Readonly<Record<DatastoreName, string>> = {
  postgres: 'DATABASE_URL',
  redis: 'REDIS_URL',
  influxdb: 'INFLUXDB_URL',
};

function throughProxy(target: DatastoreName, server: DevServer, proxy: FaultProxy): Environment {
  return { [variables[target]]: server.url.replace(`:${String(server.port)}`, `:${String(proxy.port)}`) };
}
