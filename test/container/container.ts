import { randomUUID } from 'node:crypto';
import { waitFor } from '@app/testing';
import { docker, mustDocker } from './engine/docker.ts';
import type { CommandEnd } from './engine/command.ts';
import type { EngineAccess } from './engine/engine.ts';

const graceSeconds = '30';

/** How production runs the image: the guide's limits, and no right that it does not need. */
export const hardened: readonly string[] = [
  '--read-only --cap-drop ALL --security-opt no-new-privileges',
  '--tmpfs /tmp:size=64m,mode=1777 --pids-limit 200 --memory 1g --cpus 0.5',
].flatMap((options) => options.split(' '));

/** Every required setting, of datastores that are not there. */
export const nowhere = {
  DATABASE_URL: 'postgres://trading:pw@127.0.0.1:1/trading',
  REDIS_URL: 'redis://127.0.0.1:1',
  INFLUXDB_URL: 'http://127.0.0.1:1',
  SECRET_KEY: 'a-key-for-tests-0123456789-abcdefghij',
};

export function environment(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}

export interface ContainerState {
  readonly Status: string;
  readonly StartedAt: string;
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
  readonly Health?: {
    readonly Status: 'starting' | 'healthy' | 'unhealthy';
    readonly Log: readonly { readonly Start: string; readonly ExitCode: number; readonly Output: string }[];
  };
}

/** A container under test; for `await using`. */
export interface Container extends AsyncDisposable {
  readonly name: string;
  /** Where port 8000 answers, for one that was started with `--publish 8000`. */
  url(path: string): Promise<string>;
  /** Runs a program in it; throws unless that ends with 0. */
  exec(...command: string[]): Promise<string>;
  state(): Promise<ContainerState>;
  logs(): Promise<Pick<CommandEnd, 'stdout' | 'stderr'>>;
  /** Until it answers readiness with 200, or throws with what it has logged. */
  ready(): Promise<void>;
  /** As an operator stops it, with a grace period of 30 s. */
  stop(): Promise<{ readonly code: number; readonly tookMs: number }>;
}

/** Starts a container of the image. */
export async function startContainer(
  engine: EngineAccess,
  image: string,
  options: readonly string[],
  command: readonly string[] = [],
): Promise<Container> {
  const name = `container-spec-${randomUUID()}`;
  await mustDocker(engine, ['run', '--detach', '--name', name, ...options, image, ...command]);
  const exec = (...args: string[]) => mustDocker(engine, ['exec', name, ...args]);
  const state = async () =>
    JSON.parse(await mustDocker(engine, ['inspect', '--format', '{{json .State}}', name])) as ContainerState;
  const logs = () => docker(engine, ['logs', name]);
  return {
    name,
    exec,
    state,
    logs,
    url: async (path) => {
      const published = await mustDocker(engine, ['port', name, '8000/tcp']);
      const port = /:(?<port>\d+)$/m.exec(published)?.groups?.['port'] ?? '';
      return `http://${engine.host}:${port}${path}`;
    },
    ready: async () => {
      const asked = ['exec', name, 'healthcheck', '--path', '/api/v1/health/readiness'];
      await waitFor(async () => (await docker(engine, asked)).code === 0, { timeoutMs: 60_000 }).catch(
        async (cause: unknown) => {
          const { stdout, stderr } = await logs();
          throw new Error(`The backend is not ready:\n${stdout}${stderr}`, { cause });
        },
      );
    },
    stop: async () => {
      const began = performance.now();
      await mustDocker(engine, ['stop', '--time', graceSeconds, name]);
      return { code: (await state()).ExitCode, tookMs: performance.now() - began };
    },
    async [Symbol.asyncDispose]() {
      await mustDocker(engine, ['rm', '--force', '--volumes', name]);
    },
  };
}

/** Runs a program of the image to its end. */
export async function runInContainer(
  engine: EngineAccess,
  image: string,
  options: readonly string[],
  command: readonly string[] = [],
): Promise<CommandEnd> {
  await using container = await startContainer(engine, image, options, command);
  const code = await mustDocker(engine, ['wait', container.name]);
  return { ...(await container.logs()), code: Number(code) };
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly err?: { readonly stack?: string };
}

/** The lines of a log in JSON; throws where a line is none. */
export function logLines(text: string): readonly LogLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}
