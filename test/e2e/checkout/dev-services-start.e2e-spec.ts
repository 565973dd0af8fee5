import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startRedis } from '@app/dev-services';
import {
  cloneWithBuild,
  isRunning,
  runProcess,
  waitFor,
  type ProcessEnd,
  type ProcessOptions,
  type TemporaryFolder,
} from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let clone: TemporaryFolder;
beforeAll(async () => {
  clone = await cloneWithBuild();
});
afterAll(() => clone[Symbol.asyncDispose]());

/** What must not decide for the tests. */
const unset = { DATABASE_URL: undefined, REDIS_URL: undefined, INFLUXDB_URL: undefined, NODE_ENV: undefined };

function start(env: ProcessOptions['env'] = {}, ...args: string[]) {
  const main = join(clone.path, 'dist/apps/cli/src/main.js');
  return runProcess(process.execPath, [main, 'start', ...args], {
    cwd: clone.path,
    env: { PORT: '0', MANAGEMENT_PORT: '0', ...unset, ...env },
    detached: true,
  });
}

/** Beside it, in the same clone: it is told of no URL. */
async function checkDbStatus(): Promise<ProcessEnd> {
  const main = join(clone.path, 'dist/apps/cli/src/main.js');
  await using command = await runProcess(process.execPath, [main, 'check-db-status'], {
    cwd: clone.path,
    env: unset,
  });
  return await command.exited;
}

type Start = Awaited<ReturnType<typeof start>>;

/** Waits for the line that tells the URLs; returns them with all addresses that were mentioned before. */
async function ready(started: Start) {
  const [line] = await started.waitForOutput(/^ready.*$/m, 60_000);
  const [api = '', health = ''] = line.match(/http:[^,\s]+/g) ?? [];
  const ports = [...started.stdout.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
  return { line, api, health, ports: [...new Set(ports)] };
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const noneAnswers = async (ports: readonly number[]) =>
  !(await Promise.all(ports.map((port) => answers(port)))).includes(true);

describe('start', { timeout: 120_000 }, () => {
  it('brings everything up, tells the URLs in one line, and takes all down with a signal', async () => {
    await using started = await start();
    const { line, api, health, ports } = await ready(started);
    expect(line).toMatch(
      /^ready: API http:\/\/127\.0\.0\.1:\d+\/api\/v1, health \S+\/api\/v1\/health, .*management http:\/\/127\.0\.0\.1:\d+$/,
    );
    expect(ports.length).toBeGreaterThanOrEqual(5);
    expect((await fetch(`${health}/readiness`)).status).toBe(200);
    expect(await (await fetch(`${api}/instruments/EUR-USD`)).json()).toMatchObject({ tickSize: '0.00001' });
    expect(await checkDbStatus()).toEqual({ code: 0, signal: null });
    // As a terminal and npm do: both pass on Ctrl-C.
    started.kill('SIGINT');
    started.kill('SIGINT');
    expect(await started.exited).toEqual({ code: 0, signal: null });
    expect(await noneAnswers(ports)).toBe(true);
    expect(await checkDbStatus()).toEqual({ code: 78, signal: null });
  });

  it('leaves no process when it is killed, and starts again at once', async () => {
    await using started = await start();
    const { ports } = await ready(started);
    process.kill(started.pid, 'SIGKILL');
    await using again = await start();
    const next = await ready(again);
    expect(await noneAnswers(ports.filter((port) => !next.ports.includes(port)))).toBe(true);
    again.kill('SIGTERM');
    expect(await again.exited).toEqual({ code: 0, signal: null });
  });

  it('ends what it started when npm, under which it runs, is killed', async () => {
    const main = join(clone.path, 'dist/apps/cli/src/main.js');
    const script = `"${process.execPath}" "${main}" start & echo "starter $!"; wait`;
    await using shell = await runProcess('sh', ['-c', script], {
      cwd: clone.path,
      env: { PORT: '0', MANAGEMENT_PORT: '0', ...unset, npm_lifecycle_event: 'start' },
    });
    const { ports } = await ready(shell);
    const starter = Number((await shell.waitForOutput(/starter (\d+)/))[1]);
    process.kill(shell.pid, 'SIGKILL');
    await waitFor(() => !isRunning(starter), { message: 'the end of the starter', timeoutMs: 20_000 });
    expect(await noneAnswers(ports)).toBe(true);
  });

  it('uses a server whose URL is set, and does not stop it', async () => {
    const redis = await startRedis();
    try {
      await using started = await start({ REDIS_URL: redis.url });
      await ready(started);
      expect(started.stdout).not.toMatch(/^redis .* ready/m);
      started.kill('SIGTERM');
      expect(await started.exited).toEqual({ code: 0, signal: null });
      expect(await answers(redis.port)).toBe(true);
    } finally {
      await redis.stop();
    }
  });

  it('ends with the exit code of db-init where that fails, and stops the servers', async () => {
    await using started = await start({ INIT_SEED_FILE: 'no-such-file.json' });
    expect((await started.exited).code).toBe(1);
    const { stdout } = started;
    const ports = [...stdout.matchAll(/ready on 127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    expect(ports).toHaveLength(3);
    expect(await noneAnswers(ports)).toBe(true);
  });

  it('ends with 78 where its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as AddressInfo;
      await using started = await start({ PORT: String(port) });
      expect((await started.exited).code).toBe(78);
      expect(started.stderr).toContain(`Port ${port} of 127.0.0.1 is in use.`);
    } finally {
      other.close();
    }
  });

  it('names every mistake in the environment before it starts anything', async () => {
    await using started = await start({ LOG_LEVEL: 'loud', DB_POOLSIZE: '3', REDIS_URL: 'http://localhost' });
    expect((await started.exited).code).toBe(78);
    expect(started.stdout).toBe('');
    for (const name of ['LOG_LEVEL', 'DB_POOL_SIZE', 'REDIS_URL']) expect(started.stderr).toContain(name);
  });
});
