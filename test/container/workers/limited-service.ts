import { waitFor } from '@app/testing';
import type { Backend } from '../../support/backend.ts';
import { type Container, environment, hardened, startContainer } from '../container.ts';
import type { EngineAccess } from '../engine/engine.ts';
import { publishedPort } from '../rolling/published-port.ts';

const servesWithinMs = 90_000;

export interface LimitedServiceOptions {
  readonly image: string;
  /** Options of `docker run` that bring the datastores. */
  readonly place: readonly string[];
  readonly memoryMb: number;
  readonly cpus: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A hardened container of the backend under limits of its own, seen from outside; for `await using`. */
export interface LimitedService extends AsyncDisposable {
  readonly container: Container;
  readonly url: string;
  readonly managementUrl: string;
  /** From its start until it was ready, in milliseconds. */
  readonly readyAfterMs: number;
  /** Asks the API, on a connection of its own. */
  readonly get: Backend['get'];
  /** All that it has written so far. */
  log(): Promise<string>;
  /** The messages in that. */
  messages(): Promise<readonly string[]>;
  /** How many of its processes the kernel has killed for want of memory. */
  oomKills(): Promise<number>;
}

/** Starts it; resolves once readiness is green. There is no swap, and `detailed` is for everybody. */
export async function startLimitedService(
  engine: EngineAccess,
  { image, place, memoryMb, cpus, settings = {} }: LimitedServiceOptions,
): Promise<LimitedService> {
  const memory = `${String(memoryMb)}m`;
  const limits = ['--memory', memory, '--memory-swap', memory, '--cpus', String(cpus)];
  const more = environment({ RATE_LIMIT: '0', HEALTH_DETAILS: 'always', LOG_FILE: 'off', ...settings });
  const ports = ['--publish', '8000', '--publish', '8001'];
  const options = [...hardened, ...place, ...limits, ...ports, ...more];
  const began = performance.now();
  await using made = new AsyncDisposableStack();
  const container = made.use(await startContainer(engine, image, options));
  const urlOf = async (port: number): Promise<string> =>
    `http://${engine.host}:${String(await publishedPort(engine, container.name, port))}`;
  const [url, managementUrl] = [await urlOf(8_000), await urlOf(8_001)];
  const log = async (): Promise<string> => {
    const { stdout, stderr } = await container.logs();
    return stdout + stderr;
  };
  const readyz = async (): Promise<boolean> => (await fetch(`${managementUrl}/readyz`)).ok;
  await waitFor(() => readyz().catch(() => false), { timeoutMs: servesWithinMs }).catch(
    async (cause: unknown) => {
      throw new Error(`The backend is not ready:\n${await log()}`, { cause });
    },
  );
  const readyAfterMs = performance.now() - began;
  const all = made.move();
  return {
    container,
    url,
    managementUrl,
    readyAfterMs,
    get: async (path, headers = {}) => {
      const response = await fetch(`${url}/api/v1${path}`, { headers: { ...headers, connection: 'close' } });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    log,
    messages: async () =>
      (await log())
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    oomKills: () => oomKillsOf(container),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** From the groups of version 2 or 1; their folder is the container's own. */
async function oomKillsOf(container: Container): Promise<number> {
  const read = 'cd /sys/fs/cgroup; cat memory.events 2>/dev/null || cat memory/memory.oom_control';
  const text = await container.exec('bash', '-c', read);
  const kills = /^oom_kill (?<kills>\d+)$/m.exec(text)?.groups?.['kills'];
  if (kills === undefined) throw new Error(`The kernel does not count: ${text}`);
  return Number(kills);
}
