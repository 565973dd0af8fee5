import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import { installedSystem, programFiles, removed, unwanted } from './image-contents.ts';
import { type OwnLayers, ownLayers } from './image-layers.ts';
import { buildProjectImage, testBuild } from './project-image.ts';

interface Inspected {
  readonly User: string;
  readonly ExposedPorts: object;
  readonly Healthcheck: object;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly StopSignal: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}

let image = '';
let layers: OwnLayers;
beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  image = await buildProjectImage(engine);
  layers = await ownLayers(engine, image, engine.images.NODE_IMAGE);
}, 600_000);

const inspect = async (engine: EngineAccess, name: string): Promise<Inspected> =>
  JSON.parse(
    await mustDocker(engine, ['image', 'inspect', '--format', '{{json .Config}}', name]),
  ) as Inspected;

/** Runs a program of the image, as its own user where no other is given. */
const run = (engine: EngineAccess, command: readonly string[], options: readonly string[] = []) =>
  mustDocker(engine, ['run', '--rm', ...options, image, ...command]);

const inBash = (engine: EngineAccess, script: string, options: readonly string[] = []) =>
  run(engine, ['bash', '-c', script], options);

const seconds = 1e9;

describe('the configuration of the image', () => {
  test('has the user, the ports, the check and the programs of its contract', async ({ engine }) => {
    const config = await inspect(engine, image);
    expect({
      ...config,
      Labels: undefined,
      Env: config.Env.filter((one) => !one.includes('NODE_VERSION')),
    }).toMatchObject({
      User: '10001:10001',
      ExposedPorts: { '8000/tcp': {}, '8001/tcp': {} },
      Healthcheck: {
        Test: ['CMD', 'healthcheck'],
        Interval: 30 * seconds,
        Timeout: 10 * seconds,
        StartPeriod: 40 * seconds,
        Retries: 3,
      },
      Entrypoint: ['tini', '-e', '143', '--'],
      Cmd: ['backend'],
      StopSignal: 'SIGTERM',
      Env: expect.arrayContaining([expect.stringMatching(/^PATH=\/app\/bin:/), 'NODE_ENV=production']),
    });
  });

  test('has labels that name version, commit and base', async ({ engine }) => {
    const [own, base] = [await inspect(engine, image), await inspect(engine, engine.images.NODE_IMAGE)];
    expect(own.Labels).toEqual({
      ...base.Labels,
      'org.opencontainers.image.title': 'trading-backend',
      'org.opencontainers.image.description': expect.stringMatching(/PostgreSQL, Redis and InfluxDB/),
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': testBuild.VERSION,
      'org.opencontainers.image.revision': testBuild.COMMIT,
      'org.opencontainers.image.base.name': engine.images.NODE_IMAGE,
    });
  });

  test('has the version of package.json where a build names none', async () => {
    const root = new URL('../../', import.meta.url);
    const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as {
      version: string;
    };
    const dockerfile = await readFile(new URL('docker/Dockerfile', root), 'utf8');
    expect([...dockerfile.matchAll(/^ARG VERSION=(.+)$/gm)].map(([, given]) => given)).toEqual([version]);
  });
});

describe('the layers above the base', () => {
  test('hold the program, certificates, time zones and the records of both, and nothing else', () => {
    const allowed = [...programFiles, ...installedSystem, ...removed];
    const strangers = layers.entries.filter(
      ({ path, type }) => type !== 'directory' && !allowed.some((pattern) => pattern.test(path)),
    );
    expect(strangers.map(({ path }) => path)).toEqual([]);
  });

  test('are read whole: they hold each of the programs', () => {
    const paths = layers.entries.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'app/backend.js',
        'app/db-init.js',
        'app/cli.js',
        'usr/bin/openssl',
        'etc/passwd',
      ]),
    );
  });

  test('give nothing to another user than root but the two folders that are written to', () => {
    const given = layers.entries.filter(({ uid, gid }) => uid !== 0 || gid >= 1000);
    const owners = given.map(({ path, uid, gid }) => `${path} ${String(uid)}:${String(gid)}`);
    expect(owners.toSorted()).toEqual(['var/lib/db-init 10001:10001', 'var/log/trading 10001:10001']);
  });

  test('have no file that runs with the rights of its owner', () => {
    expect(layers.entries.filter(({ mode }) => (mode & 0o6000) !== 0).map(({ path }) => path)).toEqual([]);
  });

  test('let nobody but root write to the program', () => {
    const program = layers.entries.filter(({ path }) => /^app(?:\/|$)/.test(path));
    const writable = program.filter(
      ({ type, mode, uid, gid }) => uid !== 0 || gid !== 0 || (type !== 'link' && (mode & 0o022) !== 0),
    );
    expect(program.length).toBeGreaterThan(20);
    expect(writable.map(({ path }) => path)).toEqual([]);
  });

  test('hold source maps that name the TypeScript, without its text', () => {
    const maps = layers.entries
      .filter(({ path }) => path.endsWith('.js.map'))
      .map(({ path, content }) => ({ path, map: JSON.parse(content.toString()) as SourceMap }));
    const withText = maps.filter(({ map }) => (map.sourcesContent ?? []).some((source) => source !== null));
    const sources = maps.flatMap(({ map }) => map.sources);
    const known = /^(?:\.\.\/)?(?:apps|libs|node_modules)\//;
    expect(withText.map(({ path }) => path)).toEqual([]);
    expect(sources.filter((source) => !known.test(source))).toEqual([]);
    expect(sources).toContain('../libs/bootstrap/src/listen.ts');
  });
});

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

describe('the file system of the image', () => {
  test('has no npm, no compiler, no source, no package list and no cache anywhere', async ({ engine }) => {
    const found = await run(engine, ['find', '/', '-xdev', '-not', '-type', 'd'], ['--user', '0']);
    const paths = found.split('\n');
    expect(paths).toEqual(expect.arrayContaining(['/app/backend.js', '/usr/local/bin/node', '/etc/passwd']));
    expect(paths.filter((path) => unwanted.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  test('can be written to by its user in the two folders and where everybody can', async ({ engine }) => {
    const script = 'id; find / -xdev -writable -not -type l 2>/dev/null || true';
    const [id, ...writable] = (await inBash(engine, script)).split('\n');
    expect(id).toBe('uid=10001(appuser) gid=10001(appuser) groups=10001(appuser)');
    const everybody = /^\/(?:proc|dev|sys|tmp|var\/tmp|run\/lock|var\/lock)(?:\/|$)/;
    expect(writable.filter((path) => !everybody.test(path)).toSorted()).toEqual([
      '/var/lib/db-init',
      '/var/log/trading',
    ]);
  });

  test('knows time zones and certificate authorities', async ({ engine }) => {
    const script = `date --date=@0 +%H%Z; node --print 'new Date(0).getHours()'; ls /etc/ssl/certs | wc -l
      node --print 'require("node:tls").getCACertificates("system").length'
      openssl verify /usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt`;
    const [date, hours, files, authorities, verified] = (
      await inBash(engine, script, ['--env', 'TZ=Asia/Tokyo'])
    ).split('\n');
    expect([date, hours]).toEqual(['09JST', '9']);
    expect([Number(files) > 100, Number(authorities) > 100, verified]).toEqual([
      true,
      true,
      '/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt: OK',
    ]);
  });
});

describe('the commands of the image', () => {
  const commands = ['check-db-status', 'doctor', 'healthcheck', 'import-ticks', 'token', 'validate-config'];

  test('are all on PATH, beside backend and db-init', () => {
    const links = layers.entries
      .filter(({ path }) => path.startsWith('app/bin/'))
      .map(({ path }) => basename(path));
    expect(links.toSorted()).toEqual(['backend', 'db-init', ...commands].toSorted());
  });

  test('describe themselves', async ({ engine }) => {
    const script = 'for name in "$@"; do echo "== $name"; "$name" --help || echo "FAILED with $?"; done';
    const said = await run(engine, ['bash', '-c', script, 'bash', ...commands]);
    const described = said
      .split('== ')
      .filter((part) => /^(?<name>\S+)\nUsage: .*\k<name>.*\n\n\S/.test(part));
    expect(said).not.toContain('FAILED');
    expect(described).toHaveLength(commands.length);
  });

  test('tell version and commit of the build in the details of the health', async ({ engine }) => {
    const env = [
      'DATABASE_URL=postgres://a:b@localhost:1/c',
      'REDIS_URL=redis://localhost:1',
      'INFLUXDB_URL=http://localhost:1',
    ];
    const settings = [...env, 'SECRET_KEY=a-key-for-tests-0123456789-abcdefghij', 'HEALTH_DETAILS=always'];
    const script = `backend >/tmp/log &
      until details=$(healthcheck --path /api/v1/health/detailed) && [[ $details == *commit* ]]; do sleep 0.1; done
      echo "$details"`;
    const said = await inBash(
      engine,
      script,
      settings.flatMap((setting) => ['--env', setting]),
    );
    expect(JSON.parse(said.slice(said.indexOf('{')))).toMatchObject({
      build: { version: testBuild.VERSION, commit: testBuild.COMMIT },
    });
  });
});
