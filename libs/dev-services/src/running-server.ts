import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DevServer } from './dev-server.js';
import { ServerNotStartedError } from './errors.js';
import type { FileLock } from './file-lock.js';
import { freePort } from './free-port.js';
import type { Guardian } from './guardian.js';
import { removeOrphans } from './orphans.js';
import type { ServerDefinition } from './server-definition.js';
import { ServerProcess } from './server-process.js';

const readyWithinMs = 60_000;
const pollMs = 15;
const graceSeconds = 10;
const portTries = 20;
const portTakenWaitMs = 250;
const logLines = 15;
const portTaken = /address already in use/i;

/** Where a server lives. */
export interface Housing {
  readonly folder: string;
  readonly guardian: Guardian;
  /** Whether the guardian serves others, too, and so goes on when this server has stopped. */
  readonly sharedGuardian: boolean;
  /** The lock of a folder that is kept. */
  readonly lock: FileLock | undefined;
  /** The port that was asked for. */
  readonly port: number | undefined;
}

interface Incarnation {
  readonly process: ServerProcess;
  readonly port: number;
  readonly url: string;
}

export class RunningServer implements DevServer {
  readonly name;
  readonly version;
  readonly dataDir;

  private constructor(
    private readonly definition: ServerDefinition,
    private readonly housing: Housing,
    private current: Incarnation,
  ) {
    this.name = definition.name;
    this.version = definition.version;
    this.dataDir = housing.folder;
  }

  /** Resolves when the server answers. Throws a ServerNotStartedError. */
  static async start(definition: ServerDefinition, housing: Housing): Promise<RunningServer> {
    return new RunningServer(definition, housing, await incarnate(definition, housing, housing.port));
  }

  get url() {
    return this.current.url;
  }

  get port() {
    return this.current.port;
  }

  get pid() {
    return this.current.process.pid;
  }

  async start(): Promise<void> {
    if (!(await this.current.process.untilEnded())) return;
    this.current = await incarnate(this.definition, this.housing, this.port);
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.current.process.isRunning) throw new Error(`${this.name} does not run`);
    this.current.process.signal(signal);
  }

  async stop(): Promise<void> {
    await this.current.process.stop();
    await this.definition.clear?.(this.dataDir);
    if (!this.housing.sharedGuardian) await this.housing.guardian.end();
    await this.housing.lock?.release();
  }
}

/** Starts the process on that port, or on a free one. */
async function incarnate(
  definition: ServerDefinition,
  housing: Housing,
  fixedPort: number | undefined,
): Promise<Incarnation> {
  await removeOrphans(housing.folder, definition.program, definition.stopSignal);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await incarnateOn(definition, housing, fixedPort ?? (await freePort()));
    } catch (error) {
      const again = error instanceof ServerNotStartedError && portTaken.test(error.log);
      if (!again || attempt === portTries) throw error;
      if (fixedPort !== undefined) await sleep(portTakenWaitMs);
    }
  }
}

async function incarnateOn(
  definition: ServerDefinition,
  housing: Housing,
  port: number,
): Promise<Incarnation> {
  const { folder, guardian } = housing;
  const url = await definition.url(folder, port);
  const command = {
    ...(await definition.command(folder, port)),
    cwd: folder,
    user: definition.user,
    stop: { signal: definition.stopSignal, graceSeconds },
  };
  const process = await ServerProcess.spawn(guardian, command, logOf(folder));
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    const answers = await definition.probe(url).then(
      () => true,
      () => false,
    );
    if (!process.isRunning) throw await notStarted(definition, housing, 'ended while it was started');
    if (answers) return { process, port, url };
    if (performance.now() > deadline) {
      process.signal('SIGKILL');
      throw await notStarted(definition, housing, `did not answer in ${readyWithinMs / 1000} s`);
    }
    await sleep(pollMs);
  }
}

const logOf = (folder: string) => join(folder, 'server.log');

async function notStarted(
  { name }: ServerDefinition,
  { folder, lock }: Housing,
  what: string,
): Promise<ServerNotStartedError> {
  const log = (await readFile(logOf(folder), 'utf8')).trimEnd().split('\n').slice(-logLines).join('\n');
  const kept = lock !== undefined;
  return new ServerNotStartedError(
    name,
    what,
    log,
    kept ? 'If its data is damaged, begin empty with: npm start -- --fresh' : undefined,
  );
}
