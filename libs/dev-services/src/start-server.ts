import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryRoot } from './dev-data.js';
import type { DevServer, ServerOptions } from './dev-server.js';
import { lockData } from './data-lock.js';
import { DataUnusableError } from './errors.js';
import { type FileLock } from './file-lock.js';
import { Guardian } from './guardian.js';
import { influxdbDefinition } from './influxdb-server.js';
import { pgbouncerDefinition, type PgbouncerOptions } from './pgbouncer-server.js';
import { postgresDefinition } from './postgres-server.js';
import { redisDefinition } from './redis-server.js';
import { RunningServer } from './running-server.js';
import type { ServerDefinition, Surroundings } from './server-definition.js';
import { victoriaMetricsDefinition } from './victoria-metrics-server.js';

export interface Setting extends Surroundings {
  /** Serves several servers; a server has one of its own if it is not given. */
  readonly guardian?: Guardian;
  /** Throws away what the data folder holds. */
  readonly fresh?: boolean;
}

type Define = (options: ServerOptions, surroundings: Surroundings) => Promise<ServerDefinition>;

const aloud: Surroundings = { say: (line) => void process.stderr.write(`${line}\n`) };

const starter =
  (define: Define) =>
  async (options: ServerOptions = {}, setting: Setting = aloud): Promise<DevServer> => {
    const { dataDir, port } = options;
    const temporary = join(await temporaryRoot(), `trading-${randomUUID()}`);
    const folder = dataDir ?? temporary;
    const guardian = setting.guardian ?? (await Guardian.start(dataDir === undefined ? temporary : ''));
    let lock: FileLock | undefined;
    try {
      if (dataDir !== undefined) lock = await lockData(dataDir, guardian.pid);
      if (dataDir !== undefined && setting.fresh) await rm(dataDir, { recursive: true, force: true });
      const definition = await define(options, setting);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await definition.prepare(folder);
      const sharedGuardian = setting.guardian !== undefined;
      return await RunningServer.start(definition, { folder, guardian, sharedGuardian, lock, port });
    } catch (error) {
      if (setting.guardian === undefined) await guardian.end();
      await lock?.release();
      throw dataDir === undefined ? error : explained(error, dataDir);
    }
  };

/** PostgreSQL with an empty database `trading`; the data folder is a temporary one unless one is given. */
export const startPostgres = starter(postgresDefinition);
/** Redis with `appendonly yes` and `noeviction`. */
export const startRedis = starter(redisDefinition);
/** InfluxDB 1 without a database. */
export const startInfluxdb = starter(influxdbDefinition);
/** VictoriaMetrics, which takes writes of InfluxDB's API v2. */
export const startVictoriaMetrics = starter(victoriaMetricsDefinition);
/** PgBouncer in transaction mode in front of a PostgreSQL. */
export const startPgbouncer = ({ target, settings = {}, ...options }: PgbouncerOptions, setting?: Setting) =>
  starter((own, surroundings) => pgbouncerDefinition({ ...own, target, settings }, surroundings))(
    options,
    setting,
  );

/** Turns the refusal of the file system, which names one file deep inside, into what it means. */
function explained(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EACCES' && code !== 'EPERM') return error;
  return new DataUnusableError(`${dataDir} belongs to another user.`, {
    advice: 'Start as the user who made it, or have that user remove it.',
    cause: error,
  });
}
