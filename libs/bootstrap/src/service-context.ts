import type { Server } from 'node:http';
import type { Config } from '@app/config';
import type { HealthAnswers } from '@app/health';
import type { Lifecycle } from '@app/lifecycle';
import type { Logging } from '@app/logging';
import type { WorkerReport } from './worker-report.js';

/** What build of the program this is. */
export interface BuildInfo {
  readonly version: string;
  /** The commit that it was built from, where the build knew it. */
  readonly commit: string | undefined;
}

/** What a process has before its application is loaded. */
export interface ServiceContext {
  readonly config: Config;
  readonly lifecycle: Lifecycle;
  readonly logging: Logging;
  readonly health: HealthAnswers;
  readonly build: BuildInfo;
  /** The container's memory limit in bytes, where there is one. */
  readonly memoryLimit: number | undefined;
  /** The front door's server. */
  readonly server: Server;
  /** The number of this worker, from 1; undefined for a process that serves alone. */
  readonly worker: number | undefined;
  /** The service as a whole starts; false in a worker that is started beside or after one that has served. */
  readonly firstStart: boolean;
  /** How every worker is, by number. */
  workers(): Promise<readonly WorkerReport[]>;
}
