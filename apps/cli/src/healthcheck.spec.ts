import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runProcess } from '@app/testing';
import { afterEach, describe, expect, it } from 'vitest';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A service in the place of the backend; returns its port. */
async function service(answer: RequestListener, host = '127.0.0.1'): Promise<number> {
  const server = createServer(answer);
  stops.push(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

const answer =
  (status: number): RequestListener =>
  ({ url }, response) =>
    response.writeHead(status).end(`asked for ${url ?? ''}`);

/** Only what the probe of a container needs is in the environment. */
async function healthcheck(env: Record<string, string>, ...args: string[]) {
  await using process = await runProcess('node', ['dist/apps/cli/src/main.js', 'healthcheck', ...args], {
    env: { NODE_ENV: 'production', SECRET_KEY: 'weak', DATABASE_URL: undefined, ...env },
  });
  const { code } = await process.exited;
  return { code, stdout: process.stdout, stderr: process.stderr };
}

describe('healthcheck', () => {
  it('ends with 0 for a service that is well', async () => {
    const port = await service(answer(200));
    expect(await healthcheck({ PORT: String(port) })).toEqual({
      code: 0,
      stdout: `healthy: http://127.0.0.1:${String(port)}/api/v1/health/ answered 200 asked for /api/v1/health/\n`,
      stderr: '',
    });
  });

  it('ends with 1 for one that is not, and shows its answer', async () => {
    const port = await service(answer(503));
    const { code, stdout } = await healthcheck({ PORT: String(port) }, '--path', '/api/v1/health/readiness');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/^unhealthy: \S+ answered 503 asked for \/api\/v1\/health\/readiness\n$/),
    });
  });

  it('ends with 1 where nothing listens, and where nothing answers in time', async () => {
    const silent = await service(() => undefined);
    const [none, late] = await Promise.all([
      healthcheck({ PORT: '1' }),
      healthcheck({ PORT: String(silent) }),
    ]);
    expect([none.code, late.code]).toEqual([1, 1]);
    expect(none.stdout).toContain('connect ECONNREFUSED 127.0.0.1:1');
    expect(late.stdout).toContain('did not answer within 5 s');
  });

  it('asks where the server of that port listens', async () => {
    const [api, management] = await Promise.all([service(answer(200), '::1'), service(answer(200))]);
    const env = {
      HOST: '::',
      PORT: String(api),
      MANAGEMENT_HOST: '127.0.0.1',
      MANAGEMENT_PORT: String(management),
    };
    const port = String(management);
    const both = await Promise.all([healthcheck(env), healthcheck(env, '--port', port, '--path', '/readyz')]);
    expect(both.map(({ code, stdout }) => [code, stdout.split(' ')[1]])).toEqual([
      [0, `http://[::1]:${String(api)}/api/v1/health/`],
      [0, `http://127.0.0.1:${port}/readyz`],
    ]);
  });

  it.each<[string, Record<string, string>, string[], number, RegExp]>([
    ['a port that is none', {}, ['--port', 'http'], 64, /A port is a whole number/],
    ['a path without its slash', {}, ['--path', 'readyz'], 64, /A path begins with a slash/],
    ['a port that only the system knows', { PORT: '0' }, [], 64, /PORT is 0: name the port with --port/],
    ['a PORT that cannot be read', { PORT: 'x' }, [], 78, /PORT: is not a whole number/],
  ])('refuses %s', async (_name, env, args, code, message) => {
    expect(await healthcheck(env, ...args)).toEqual({
      code,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });
});
