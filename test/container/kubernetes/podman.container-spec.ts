import { afterAll, beforeAll, describe, expect } from 'vitest';
import { engineOfRun, test as base } from '../engine/container-test.ts';
import { type DevelopmentSystem, secrets, tryDevelopmentSystem } from './development-system.ts';
import { readyBackend, type ReadyBackend } from './ready-backend.ts';
import { workloadsOf } from './policies/workloads.ts';
import { environmentOf } from './variables.ts';

interface Opened {
  readonly system: DevelopmentSystem;
  /** For tests that change nothing of it. */
  readonly shared: ReadyBackend;
}

let opened: Opened | { readonly unavailable: string } = { unavailable: 'podman was not started.' };
beforeAll(async () => {
  const system = await tryDevelopmentSystem(engineOfRun());
  if ('unavailable' in system) {
    opened = system;
    return;
  }
  try {
    opened = { system, shared: await readyBackend(system, 'shared') };
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}, 600_000);
afterAll(async () => {
  if ('system' in opened) await opened.system[Symbol.asyncDispose]();
});

const test = base.extend<Opened>({
  system: async ({ skip }, use) => {
    if ('unavailable' in opened) return skip(opened.unavailable);
    await use(opened.system);
  },
  shared: async ({ skip }, use) => {
    if ('unavailable' in opened) return skip(opened.unavailable);
    await use(opened.shared);
  },
});

const bash = (backend: ReadyBackend, script: string): Promise<string> => backend.exec('bash', '-c', script);

describe('a pod of the development overlay under podman', () => {
  test('runs db-init first, and then becomes ready with all datastores', async ({ system, shared }) => {
    const answer = await shared.exec('healthcheck', '--path', '/api/v1/health/readiness');
    expect(answer).toContain('answered 200 {"status":"ok","phase":"serving"');
    for (const name of ['postgres', 'redis', 'influxdb']) {
      expect(answer).toContain(`"${name}":{"status":"up"}`);
    }
    const text = await shared.exec('cat', '/var/lib/db-init/status.json');
    const status = JSON.parse(text) as { finishedAt: string };
    expect(status).toMatchObject({ state: 'completed', migrations: [expect.any(String)] });
    const format = '{{.State.StartedAt.UnixMilli}}';
    const started = await system.podman.run('inspect', '--format', format, shared.container);
    expect(Date.parse(status.finishedAt)).toBeLessThan(Number(started));
  });

  test('runs unprivileged on a root file system that it cannot write to', async ({ shared }) => {
    expect((await bash(shared, 'id -u; id -g')).trim()).toBe('10001\n10001');
    const status = await shared.exec('cat', '/proc/1/status');
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    const places = [
      '',
      '/app',
      '/etc',
      '/var/log/trading',
      '/var/lib/db-init',
      '/run/secrets/trading',
      '/tmp',
    ];
    const written = await bash(
      shared,
      `for place in ${places.map((place) => `'${place}/x'`).join(' ')}; do touch $place && echo $place; done; true`,
    );
    expect(written.trim()).toBe('/tmp/x');
  });

  test('has the limits of the manifest', async ({ shared }) => {
    const version1 = '/sys/fs/cgroup/memory/memory.limit_in_bytes';
    const memory = await bash(shared, `cat /sys/fs/cgroup/memory.max || cat ${version1}`);
    expect(memory.trim()).toBe(String(512 * 2 ** 20));
    const quota = '/sys/fs/cgroup/cpu/cpu.cfs_{quota,period}_us';
    const cpu = await bash(shared, `cat /sys/fs/cgroup/cpu.max || cat ${quota}`);
    expect(cpu.trim().split(/\s+/)).toEqual(['50000', '100000']);
  });

  test('takes its environment from the ConfigMap, and secrets from files only', async ({
    system,
    shared,
  }) => {
    const lines = (await shared.exec('env')).trim().split('\n');
    const environment = Object.fromEntries(
      lines.map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
    );
    expect(environment).toMatchObject(environmentOf(system.objects, 'backend', 'backend'));
    const inspected = await system.podman.run('inspect', shared.container);
    const { stdout, stderr } = await system.podman.runToEnd('logs', shared.container);
    const seen = [...lines, inspected, stdout, stderr].join('\n');
    const { SECRET_KEY: key, DATABASE_URL: url } = secrets['backend-secrets'];
    for (const secret of [key, url, secrets['postgres-secrets'].POSTGRES_PASSWORD]) {
      expect(seen).not.toContain(secret);
    }
    expect((await shared.exec('cat', '/run/secrets/trading/SECRET_KEY')).trim()).toBe(key);
  });

  test('is alive by the probe of the manifest', async ({ system, shared }) => {
    const { code } = await system.podman.runToEnd('healthcheck', 'run', shared.container);
    expect(code).toBe(0);
  });

  test('takes a trade, for which Redis must keep and not evict it', async ({ shared }) => {
    const token = (await shared.exec('token', '--scope', 'write')).trim();
    const instrument = { name: 'Test', assetClass: 'fx', currency: 'USD', tickSize: '0.01', lotSize: '1' };
    const script = `
      const send = async (path, body) => {
        const headers = { authorization: 'Bearer ${token}', 'content-type': 'application/json' };
        const url = 'http://127.0.0.1:8000/api/v1' + path;
        return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
      };
      const ticks = [{ symbol: 'TEST', price: '1.01', size: 1, tradeId: 'a' }];
      console.log(
        await send('/instruments', { symbol: 'TEST', ...${JSON.stringify(instrument)} }),
        await send('/ticks', { ticks }),
      );`;
    const statuses = await shared.exec('node', '--input-type=module', '--eval', script);
    expect(statuses.trim()).toBe('201 202');
  });

  test(
    'ends with 0 within its grace period, after the drain delay',
    { timeout: 120_000 },
    async ({ system }) => {
      const { podman, objects } = system;
      await using backend = await readyBackend(system, 'ending');
      const workload = workloadsOf(objects).find(({ name }) => name === 'backend');
      const graceSeconds = workload?.pod.terminationGracePeriodSeconds ?? 0;
      const began = performance.now();
      await podman.run('stop', '--time', String(graceSeconds), backend.container);
      const seconds = (performance.now() - began) / 1_000;
      const code = await podman.run('inspect', '--format', '{{.State.ExitCode}}', backend.container);
      expect(code.trim()).toBe('0');
      expect(seconds).toBeGreaterThan(5);
      expect(seconds).toBeLessThan(graceSeconds);
    },
  );
});
