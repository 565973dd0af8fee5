import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Container, environment, hardened, logLines, startContainer } from './container.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import { type Production, startProduction } from './production.ts';
import { buildProjectImage } from './project-image.ts';

const memoryLimit = 2 ** 30;
const loadMs = 3_000;

const made = new AsyncDisposableStack();
let image = '';
let production: Production;
/** As production runs it, but with a log of everything and the Dockerfile's check every second. */
let serving: Container;

beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  image = await buildProjectImage(engine);
  production = made.use(await startProduction(engine, image));
  const more = [
    '--volume',
    '/var/log/trading',
    '--health-interval',
    '1s',
    ...environment({ LOG_LEVEL: 'trace' }),
  ];
  serving = made.use(await startContainer(engine, image, [...hardened, ...production.options, ...more]));
  await serving.ready();
});
afterAll(() => made.disposeAsync());

const lines = (text: string, ...starts: string[]): string[] =>
  text
    .split('\n')
    .filter((line) => starts.some((start) => line.startsWith(start)))
    .map((line) => line.replaceAll('\t', ' '));

describe('a container of the backend', () => {
  test('is the backend right below its init, without a right or a place that it does not need', async () => {
    const [init, child] = await Promise.all([
      serving.exec('readlink', '/proc/1/exe'),
      serving.exec('cat', '/proc/1/task/1/children'),
    ]);
    const command = await serving.exec('cat', `/proc/${child.trim()}/cmdline`);
    const status = await serving.exec('cat', `/proc/${child.trim()}/status`);
    expect([init, command.split('\0')]).toEqual([
      '/usr/bin/tini',
      expect.arrayContaining(['/app/bin/backend']),
    ]);
    expect(lines(status, 'Uid', 'Gid', 'CapEff', 'CapPrm', 'CapBnd', 'NoNewPrivs')).toEqual([
      'Uid: 10001 10001 10001 10001',
      'Gid: 10001 10001 10001 10001',
      'CapPrm: 0000000000000000',
      'CapEff: 0000000000000000',
      'CapBnd: 0000000000000000',
      'NoNewPrivs: 1',
    ]);
    await expect(serving.exec('touch', '/app/anything')).rejects.toThrow(/Read-only file system/);
  });

  test('writes its two log files, and nothing anywhere else', async ({ engine }) => {
    const options = ['--cap-drop', 'ALL', ...production.options];
    await using writable = await startContainer(engine, image, options);
    await writable.ready();
    const changed = await mustDocker(engine, ['diff', writable.name]);
    // Folders that are there for a mount: the engine makes them.
    const mounts = /^[AC] \/(?:secrets|var|var\/lib|var\/lib\/db-init|var\/log|var\/log\/trading)$/;
    expect(
      changed
        .split('\n')
        .filter((line) => !mounts.test(line))
        .toSorted(),
    ).toEqual(['A /var/log/trading/backend.log', 'A /var/log/trading/backend_startup.log']);
    expect(await writable.exec('stat', '--format', '%u:%g', '/var/log/trading/backend.log')).toBe(
      '10001:10001',
    );
  });

  test('stays far below its memory limit under load', async () => {
    const url = await serving.url('/api/v1/instruments');
    const until = performance.now() + loadMs;
    const client = async (): Promise<number> => {
      let answered = 0;
      for (; performance.now() < until; answered += 1) expect((await fetch(url)).status).toBe(200);
      return answered;
    };
    const answered = await Promise.all(Array.from({ length: 20 }, client));
    const { OOMKilled } = await serving.state();
    const used = await serving.exec(
      'bash',
      '-c',
      `cd /sys/fs/cgroup; cat memory.peak memory/memory.max_usage_in_bytes 2>/dev/null || true`,
    );
    expect(answered.every((count) => count > 0)).toBe(true);
    expect([OOMKilled, Number(used) > 2 ** 20, Number(used) < memoryLimit / 2]).toEqual([false, true, true]);
  });

  test('warns once of a folder for logs that it cannot write to, and serves', async ({ engine }) => {
    await using container = await startContainer(engine, image, [...hardened, ...production.options]);
    await container.ready();
    const { stdout, stderr } = await container.logs();
    const warnings = logLines(stdout).filter(({ level }) => !['info', 'debug'].includes(level));
    expect({ warnings: warnings.map(({ msg }) => msg), stderr }).toEqual({
      warnings: [
        expect.stringMatching(/^The log cannot be written to \/var\/log\/trading\b.*; it goes on without\.$/),
      ],
      stderr: '',
    });
  });

  test('shows no secret of its files to the engine, in its environment, its log or its answers', async ({
    engine,
  }) => {
    const token = await serving.exec('token', '--scope', 'read');
    const paths = ['', '/liveness', '/readiness', '/startup', '/detailed'];
    const answers = await Promise.all(
      paths.map(async (path) => {
        const headers = { authorization: `Bearer ${token}` };
        const response = await fetch(await serving.url(`/api/v1/health${path}`), { headers });
        return `${String(response.status)} ${await response.text()}`;
      }),
    );
    const { stdout, stderr } = await serving.logs();
    const shown = {
      inspected: await mustDocker(engine, ['inspect', serving.name]),
      environment: await serving.exec('cat', '/proc/1/environ'),
      written: stdout + stderr,
      files: await serving.exec('bash', '-c', 'cat /var/log/trading/*.log'),
      answers: answers.join('\n'),
    };
    expect(await serving.exec('cat', '/secrets/secret_key', '/secrets/database_url')).toContain(
      production.secret,
    );
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(paths.map(() => '200'));
    expect(shown.files).toContain('"level":"trace"');
    expect(shown.environment).toContain('SECRET_KEY_FILE=');
    const places = Object.entries(shown).filter(([, text]) => text.includes(production.secret));
    expect(places.map(([place]) => place)).toEqual([]);
  });

  test('ends with 0 when it is stopped, once it has drained', async ({ engine }) => {
    await using container = await startContainer(engine, image, [...hardened, ...production.options]);
    await container.ready();
    const { code, tookMs } = await container.stop();
    const { stdout } = await container.logs();
    // The drain delay of 5 s, and what the rest takes.
    expect({ code, tookMs: tookMs > 5_000 && tookMs < 15_000 ? 'as planned' : tookMs }).toEqual({
      code: 0,
      tookMs: 'as planned',
    });
    const messages = logLines(stdout).map(({ msg }) => msg);
    expect(messages.filter((msg) => msg.startsWith('draining → stopped (SIGTERM)'))).toHaveLength(1);
    // The supervisor's, when its worker has ended.
    expect(messages.at(-1)).toBe('ended with 0');
  });
});

interface Readiness {
  readonly details: { readonly postgres: { readonly status: string } };
}

describe('with PostgreSQL stopped', () => {
  test("the Dockerfile's check stays healthy, and that of readiness turns unhealthy after the retries, until it is back", async ({
    engine,
  }) => {
    const check = ['--health-cmd', 'healthcheck --path /api/v1/health/readiness', '--health-interval', '1s'];
    const options = [...production.options, ...check, '--health-retries', '2'];
    await using watched = await startContainer(engine, image, options);
    const healthOf = async (container: Container) => (await container.state()).Health;
    const until = (status: string) =>
      waitFor(async () => (await healthOf(watched))?.Status === status, {
        timeoutMs: 60_000,
        message: status,
      });
    await until('healthy');
    const url = await watched.url('/api/v1/health/readiness');
    const seen: string[] = [];
    const look = async (): Promise<number> => {
      const response = await fetch(url);
      const { details } = (await response.json()) as Readiness;
      const found = `${String(response.status)} ${details.postgres.status}`;
      if (seen.at(-1) !== found) seen.push(found);
      return response.status;
    };
    await look();
    {
      await using _ = await production.pausePostgres();
      await waitFor(async () => (await look()) === 503, { timeoutMs: 30_000 });
      expect(seen).toEqual(['200 up', '200 degraded', '503 down']);
      await until('unhealthy');
      const since = Date.now();
      const last = await waitFor(
        async () => (await healthOf(serving))?.Log.find(({ Start }) => Date.parse(Start) > since),
        { timeoutMs: 30_000 },
      );
      expect(last).toMatchObject({
        ExitCode: 0,
        Output: expect.stringMatching(/^healthy: .* answered 200 /),
      });
      expect((await healthOf(serving))?.Status).toBe('healthy');
    }
    await until('healthy');
    expect(await look()).toBe(200);
  });
});
