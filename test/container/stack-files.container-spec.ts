import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { engineOfRun, test } from './engine/container-test.ts';
import { openStack, type Stack } from './stack.ts';

interface Limits {
  readonly memory?: string;
  readonly cpus?: number;
  readonly pids?: number;
}

/** What `docker compose config` makes of the files, as far as it is read here. */
interface ComposeModel {
  readonly name: string;
  readonly services: Readonly<
    Record<
      string,
      {
        readonly ports?: readonly { readonly target: number; readonly published: string }[];
        readonly healthcheck?: Readonly<Record<string, unknown>>;
        readonly deploy: { readonly resources: { readonly limits: Limits; readonly reservations?: Limits } };
        readonly stop_grace_period?: string;
        readonly environment?: Readonly<Record<string, string>>;
      }
    >
  >;
}

let stack: Stack;

beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  stack = await openStack(engine);
  // What a user has who has changed nothing.
  await rm(join(stack.folder, 'docker/compose.override.yaml'));
});
afterAll(async () => {
  if (engineOfRun() !== undefined) await stack[Symbol.asyncDispose]();
});

async function modelOf(...files: string[]): Promise<ComposeModel> {
  const { code, stdout, stderr } = await stack.compose(
    ...files.flatMap((file) => ['--file', file]),
    'config',
    '--format',
    'json',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as ComposeModel;
}

const both = ['compose.dev.yaml', 'compose.prod.yaml'];

describe('the Compose files', () => {
  test.for(both)('with %s publish port 8000 of the backend and nothing else', async (file) => {
    const { services } = await modelOf('compose.yaml', file);
    const published = Object.entries(services).flatMap(([service, { ports = [] }]) =>
      ports.map((port) => `${service} ${port.published}:${String(port.target)}`),
    );
    expect(published).toEqual(['backend 8000:8000']);
    expect(Object.keys(services).toSorted()).toEqual(['backend', 'db-init', 'influxdb', 'postgres', 'redis']);
  });

  test('give production the limits, checks and pools of the guide', async () => {
    const { services } = await modelOf('compose.yaml', 'compose.prod.yaml');
    expect(services['backend']).toMatchObject({
      deploy: {
        resources: {
          limits: { memory: String(2 ** 30), cpus: 0.5 },
          reservations: { memory: String(2 ** 29), cpus: 0.25 },
        },
      },
      healthcheck: {
        test: ['CMD', 'healthcheck', '--path', '/api/v1/health/readiness'],
        interval: '30s',
        timeout: '10s',
        retries: 3,
        start_period: '40s',
      },
      environment: {
        DEBUG: 'false',
        LOG_LEVEL: 'INFO',
        DB_POOL_SIZE: '10',
        DB_MAX_OVERFLOW: '20',
        SHUTDOWN_TIMEOUT: '25s',
      },
      stop_grace_period: '30s',
    });
    for (const name of ['postgres', 'redis', 'influxdb'])
      expect(services[name]?.healthcheck).toMatchObject({ interval: '10s' });
  });

  test('give development less of everything, and checks more often', async () => {
    const [development, production] = await Promise.all(
      both.map(async (file) => (await modelOf('compose.yaml', file)).services['backend']),
    );
    const limits = [development, production].map((backend) => backend?.deploy.resources.limits);
    expect(Number(limits[0]?.memory)).toBeLessThan(Number(limits[1]?.memory));
    expect(limits[0]?.cpus).toBeLessThan(limits[1]?.cpus ?? 0);
    expect(development?.healthcheck).toMatchObject({ interval: '5s' });
    expect(development?.environment).toMatchObject({
      DEBUG: 'true',
      LOG_LEVEL: 'DEBUG',
      WORKER_PROCESSES: '1',
      DB_POOL_SIZE: '5',
    });
  });

  test('are called trading, and can be read without the files of either stack', async () => {
    const { code, stdout } = await stack.composeWith(
      { COMPOSE_PROJECT_NAME: '' },
      'config',
      '--format',
      'json',
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as ComposeModel).name).toBe('trading');
  });
});

describe('stack:prod', () => {
  test('does not start without secrets, and says which and how to make them', async () => {
    const { code, stderr } = await stack.script('prod');
    expect(code).toBe(78);
    expect(stderr).toMatch(/does not start without its secrets.*docker\/secrets/);
    expect(stderr).toMatch(
      /secret_key is missing[^]*database_url is missing[^]*influxdb_password is missing/,
    );
    expect(stderr).toContain('npm run stack:prod -- --init-secrets');
    expect((await stack.compose('ps', '--all', '--quiet')).stdout).toBe('');
  });

  test('cannot be got round: Compose itself starts no server without its secret', async ({ engine }) => {
    const files = ['--file', 'compose.yaml', '--file', 'compose.prod.yaml'];
    const env = { BACKEND_IMAGE: engine.images.NODE_IMAGE };
    const { code, stderr } = await stack.composeWith(env, ...files, 'up', '--detach', '--no-build');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/docker\/secrets\/\w+/);
    expect((await stack.compose('ps', '--quiet')).stdout).toBe('');
    await stack.compose(...files, 'down', '--volumes');
  });
});

describe('stack.ts', () => {
  test('tells what it can do', async () => {
    const { code, stderr } = await stack.script('up');
    expect({ code, stderr }).toEqual({ code: 64, stderr: 'Name one of: dev, prod, logs, down.\n' });
  });

  test('says what to install where there is no docker', async () => {
    const { code, stderr } = await stack.scriptWith({ PATH: '/nowhere' }, 'logs');
    expect(code).toBe(69);
    expect(stderr).toMatch(/no docker on PATH. Install Docker Engine .* npm start/);
  });
});
