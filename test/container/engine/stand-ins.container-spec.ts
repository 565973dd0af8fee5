import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, waitFor } from '@app/testing';
import { describe, expect } from 'vitest';
import { test } from './container-test.ts';
import { docker, mustDocker } from './docker.ts';
import type { EngineAccess, ImageNames } from './engine.ts';

const unprivileged = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

/** A server under test; for `await using`. */
async function serve(
  engine: EngineAccess,
  image: keyof ImageNames,
  options: readonly string[],
  command: readonly string[] = [],
) {
  const name = `engine-spec-${randomUUID()}`;
  await mustDocker(engine, ['run', '--detach', '--name', name, ...options, engine.images[image], ...command]);
  return {
    inside: (...args: string[]) => mustDocker(engine, ['exec', name, ...args]),
    /** Once it succeeds; the first start takes a moment. */
    ready: (...args: string[]) =>
      waitFor(async () => (await docker(engine, ['exec', name, ...args])).code === 0, { timeoutMs: 30_000 }),
    stop: async () => {
      await mustDocker(engine, ['stop', '--time', '20', name]);
      return mustDocker(engine, ['inspect', '--format', '{{.State.ExitCode}}', name]);
    },
    async [Symbol.asyncDispose]() {
      await mustDocker(engine, ['rm', '--force', '--volumes', name]);
    },
  };
}

// Of the real images where they can be pulled: what is said here of a stand-in has to be true of them.
describe('the image of', () => {
  test('Node installs packages of npm and of Debian while an image is built', async ({ engine }) => {
    await using folder = await temporaryFolder();
    const tag = `engine-spec-${randomUUID()}`;
    const steps = [
      `FROM ${engine.images.NODE_IMAGE}`,
      'RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates',
      'RUN cd /home/node && npm install --no-audit ms@2.1.3 && test ! -e /usr/share/doc/ca-certificates/changelog.gz',
    ];
    await writeFile(join(folder.path, 'Dockerfile'), steps.join('\n'));
    await mustDocker(engine, ['build', '--tag', tag, folder.path]);
    const script = `console.log(process.version, require('ms')('1s'), process.getuid(), process.env.NODE_VERSION)`;
    const said = await mustDocker(engine, [
      'run',
      '--rm',
      '--user',
      'node',
      '--workdir',
      '/home/node',
      tag,
      '-e',
      script,
    ]);
    await mustDocker(engine, ['image', 'rm', tag]);
    expect(said).toMatch(/^v26\.\S+ 1000 1000 26\.\S+$/);
  });

  test('PostgreSQL makes user and database from a secret, without privileges, and stops at once', async ({
    engine,
  }) => {
    await using folder = await temporaryFolder();
    const secret = `it's "secret" ${randomUUID()}`;
    const file = join(folder.path, 'password');
    await writeFile(file, `${secret}\n`);
    const variables = [
      'POSTGRES_USER=trading',
      'POSTGRES_DB=ticks',
      'POSTGRES_PASSWORD_FILE=/run/secrets/password',
    ];
    const options = [
      ...variables.flatMap((variable) => ['--env', variable]),
      '--volume',
      `${file}:/run/secrets/password:ro`,
    ];
    await using server = await serve(
      engine,
      'POSTGRES_IMAGE',
      ['--user', 'postgres', ...unprivileged, ...options],
      ['postgres', '-c', 'max_connections=41'],
    );
    await server.ready('pg_isready', '--host', '127.0.0.1', '--username', 'trading', '--dbname', 'ticks');
    const show = (password: string) => {
      const url = `postgresql://trading:${encodeURIComponent(password)}@$(hostname)/ticks`;
      return server.inside(
        'bash',
        '-c',
        `psql "${url}" --tuples-only --no-align --command 'SHOW max_connections'`,
      );
    };
    expect(await show(secret)).toBe('41');
    await expect(show('another')).rejects.toThrow(/password authentication failed/);
    expect(await server.inside('id', '--user')).toBe('999');
    expect(await server.stop()).toBe('0');
  });

  test('Redis keeps its data in /data and does not run as root', async ({ engine }) => {
    await using server = await serve(engine, 'REDIS_IMAGE', [], ['redis-server', '--appendonly', 'yes']);
    await server.ready('redis-cli', 'ping');
    expect(await server.inside('stat', '--format', '%U', '/data/appendonlydir')).toBe('redis');
    expect(await server.inside('stat', '--format', '%u', '/proc/1')).toBe('999');
    expect(await server.stop()).toBe('0');
  });

  test('InfluxDB makes its administrator and its database at the first start', async ({ engine }) => {
    const variables = ['ADMIN_USER=root', 'ADMIN_PASSWORD=secret', 'HTTP_AUTH_ENABLED=true', 'DB=trading'];
    const options = variables.flatMap((variable) => ['--env', `INFLUXDB_${variable}`]);
    await using server = await serve(engine, 'INFLUXDB_IMAGE', [...unprivileged, ...options]);
    const ask = ['influx', '-execute', 'SHOW DATABASES'];
    await server.ready(...ask, '-username', 'root', '-password', 'secret', '-host', '127.0.0.1');
    expect(await server.inside(...ask, '-username', 'root', '-password', 'secret')).toContain('trading');
    expect(await server.inside(...ask).catch((error: Error) => error.message)).toMatch(/authenticat/);
    expect(await server.stop()).toBe('0');
  });

  test('HAProxy checks a configuration in its usual place', async ({ engine }) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'haproxy.cfg');
    await writeFile(
      file,
      'defaults\n  mode http\n  timeout client 1s\nfrontend web\n  bind :8000\n  http-request return status 204\n',
    );
    const mount = `${file}:/usr/local/etc/haproxy/haproxy.cfg:ro`;
    await using server = await serve(engine, 'HAPROXY_IMAGE', ['--volume', mount]);
    await server.ready(
      'bash',
      '-c',
      'exec 3<>/dev/tcp/127.0.0.1/8000 && printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && grep -q 204 <&3',
    );
    expect(await server.inside('stat', '--format', '%u', '/proc/1')).toBe('99');
    expect(await server.stop()).toBe('0');
  });
});
