import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DataInUseError,
  DataUnusableError,
  ServerNotStartedError,
  startDevServices,
} from '@app/dev-services';
import {
  cloneWithBuild,
  isRunning,
  runProcess,
  temporaryFolder,
  waitFor,
  type RunningProcess,
} from '@app/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

type Services = Awaited<ReturnType<typeof startDevServices>>;

const all = ['postgres', 'redis', 'influxdb'] as const;
const built = join(import.meta.dirname, '../../../dist');

/** Runs a program that has the lib's door as `lib`, until it is killed. */
const runStarter = (program: string, dist = built): Promise<RunningProcess> => {
  const door = JSON.stringify(join(dist, 'libs/dev-services/src/index.js'));
  const text = `import * as lib from ${door}; ${program}; setInterval(() => {}, 60_000);`;
  return runProcess(process.execPath, ['--input-type=module', '--eval', text]);
};

const startingAll = (directory: string) =>
  `await lib.startDevServices({ datastores: ${JSON.stringify(all)}, directory: ${JSON.stringify(directory)} });
   console.log('up')`;

/** Asks the server once more when it is told to end. */
const client = `
  const { port } = new URL(process.argv[1]);
  process.on('SIGTERM', () => {
    console.log('told to stop');
    const socket = require('node:net').connect(Number(port), '127.0.0.1', () => socket.write('PING\\r\\n'));
    socket.on('data', (answer) => { console.log('server: ' + answer); process.exit(0); });
    socket.on('error', (error) => { console.log('server: ' + error.message); process.exit(1); });
  });
  setInterval(() => {}, 60_000);
  console.log('running');`;

/** For `await using`. */
const stopping = (services: Services) => ({ services, [Symbol.asyncDispose]: () => services.stop() });

async function query(services: Services, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: services.urls.DATABASE_URL ?? '' });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

async function redisDo<T>(services: Services, action: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(services.urls.REDIS_URL ?? '');
  try {
    return await action(redis);
  } finally {
    redis.disconnect();
  }
}

describe('servers that a process started', () => {
  const program = `
    const servers = await Promise.all([lib.startPostgres(), lib.startRedis(), lib.startInfluxdb()]);
    console.log(JSON.stringify(servers.map(({ pid, dataDir }) => ({ pid, dataDir }))))`;

  it.each([
    ['is told to end', (starter: RunningProcess) => starter.kill('SIGTERM')],
    ['is killed', (starter: RunningProcess) => starter.kill('SIGKILL')],
    [
      'is killed while they are suspended',
      async (starter: RunningProcess, pids: readonly number[]) => {
        for (const pid of pids) process.kill(pid, 'SIGSTOP');
        starter.kill('SIGKILL');
      },
    ],
  ])('end, and their temporary folders go, when it %s', async (_name, end) => {
    await using starter = await runStarter(program);
    const [text] = await starter.waitForOutput(/^\[.*\]$/m);
    const servers = JSON.parse(text) as { pid: number; dataDir: string }[];
    const pids = servers.map(({ pid }) => pid);
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    await end(starter, pids);
    await waitFor(() => servers.every(({ pid, dataDir }) => !isRunning(pid) && !existsSync(dataDir)));
  });
});

describe('startDevServices', () => {
  it('keeps the data between starts, and throws it away when asked for a fresh start', async () => {
    await using folder = await temporaryFolder();
    const options = { datastores: all, directory: folder.path };
    {
      await using first = stopping(await startDevServices(options));
      await query(first.services, 'CREATE TABLE kept AS SELECT 7 AS number');
      await redisDo(first.services, (redis) => redis.set('kept', '8'));
      const influxdb = first.services.urls.INFLUXDB_URL ?? '';
      await fetch(`${influxdb}/query?q=CREATE+DATABASE+kept`, { method: 'POST' });
    }
    {
      await using second = stopping(await startDevServices(options));
      expect(await query(second.services, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
      expect(await redisDo(second.services, (redis) => redis.get('kept'))).toBe('8');
      const databases = await fetch(`${second.services.urls.INFLUXDB_URL ?? ''}/query?q=SHOW+DATABASES`);
      expect(await databases.text()).toContain('kept');
    }
    await using third = stopping(await startDevServices({ ...options, fresh: true }));
    expect(await query(third.services, `SELECT to_regclass('kept') AS kept`)).toEqual([{ kept: null }]);
    expect(await redisDo(third.services, (redis) => redis.dbsize())).toBe(0);
  });

  it('names the process that has the data, and goes on as soon as that was killed', async () => {
    await using folder = await temporaryFolder();
    await using starter = await runStarter(startingAll(folder.path));
    await starter.waitForOutput(/^up$/m);
    const options = { datastores: all, directory: folder.path };
    const refusal = startDevServices(options);
    await expect(refusal).rejects.toThrow(DataInUseError);
    await expect(refusal).rejects.toMatchObject({ data: { pid: starter.pid } });
    starter.kill('SIGKILL');
    await starter.exited;
    await using next = stopping(await startDevServices(options));
    expect(await query(next.services, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('gives two clones servers of their own at the same time', async () => {
    await using one = await temporaryFolder();
    await using other = await temporaryFolder();
    const [first, second] = await Promise.all(
      [one, other].map(({ path }) => startDevServices({ datastores: all, directory: path })),
    );
    if (first === undefined || second === undefined) throw new Error('Two were started');
    await using _first = stopping(first);
    await using _second = stopping(second);
    await redisDo(first, (redis) => redis.set('whose', 'first'));
    expect(await redisDo(second, (redis) => redis.get('whose'))).toBeNull();
    expect(new Set([...Object.values(first.urls), ...Object.values(second.urls)]).size).toBe(6);
  });

  it('starts only what is wanted, and says when it is ready', async () => {
    await using folder = await temporaryFolder();
    const lines: string[] = [];
    await using started = stopping(
      await startDevServices({
        datastores: ['redis'],
        directory: folder.path,
        onProgress: (line) => void lines.push(line),
      }),
    );
    expect(started.services.urls).toEqual({
      REDIS_URL: expect.stringMatching(/^redis:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(lines).toEqual([expect.stringMatching(/^redis \d+\.\S+ ready on 127\.0\.0\.1:\d+ in \d+\.\d s$/)]);
  });

  it('leaves nothing running when it is broken off', async () => {
    await using folder = await temporaryFolder();
    const breakOff = new AbortController();
    const options = { datastores: all, directory: folder.path };
    const starting = startDevServices({
      ...options,
      signal: breakOff.signal,
      onProgress: () => breakOff.abort(new Error('changed my mind')),
    });
    await expect(starting).rejects.toThrow('changed my mind');
    await using again = stopping(await startDevServices(options));
    expect(Object.keys(again.services.urls)).toHaveLength(3);
  });

  it('says how to begin anew when the data is of another version or damaged', async () => {
    await using folder = await temporaryFolder();
    const options = { datastores: ['postgres'] as const, directory: folder.path };
    const started = await startDevServices(options);
    await started.stop();
    const data = join(folder.path, 'postgres/data');

    await rm(join(data, 'global/pg_control'));
    const damaged = startDevServices(options);
    await expect(damaged).rejects.toThrow(ServerNotStartedError);
    await expect(damaged).rejects.toThrow(/pg_control.*npm start -- --fresh/s);

    await writeFile(join(data, 'PG_VERSION'), '9\n');
    const tooOld = startDevServices(options);
    await expect(tooOld).rejects.toThrow(DataUnusableError);
    await expect(tooOld).rejects.toThrow(/was made by PostgreSQL 9, but .*npm start -- --fresh/s);
  });

  it('ends a program that it started before the servers, also when it is killed', async () => {
    await using folder = await temporaryFolder();
    await using starter = await runStarter(`
      const services = await lib.startDevServices({ datastores: ['redis'], directory: ${JSON.stringify(folder.path)} });
      const child = await services.spawn({
        command: process.execPath, args: ['--eval', ${JSON.stringify(client)}, services.urls.REDIS_URL],
        env: process.env, cwd: '/', output: 'inherit', stop: { signal: 'SIGTERM', graceSeconds: 5 } });`);
    await starter.waitForOutput(/^running$/m);
    starter.kill('SIGKILL');
    await starter.exited;
    expect(starter.stdout).toMatch(/told to stop\nserver: \+PONG/);
  });
});

describe('a server that is not installed', () => {
  it.runIf(existsSync('/usr/bin/apt-get') && !existsSync('/usr/bin/redis-server'))(
    'is fetched from its Debian package, by one process for all that want it at once (where apt-get is and Redis is not)',
    async () => {
      await using clone = await cloneWithBuild({ binaries: false });
      const program = `const redis = await lib.startRedis(); console.log('redis ' + redis.version); await redis.stop(); process.exit()`;
      const dist = join(clone.path, 'dist');
      await using one = await runStarter(program, dist);
      await using other = await runStarter(program, dist);
      const ends = await Promise.all([one.exited, other.exited]);
      expect(ends).toEqual([
        { code: 0, signal: null },
        { code: 0, signal: null },
      ]);
      expect([one.stdout, other.stdout]).toEqual(Array(2).fill(expect.stringMatching(/^redis \d/m)));
      const said = one.stderr + other.stderr;
      expect(said.match(/fetching the Debian package/g)).toHaveLength(1);
      expect(existsSync(join(clone.path, '.dev-data/bin/redis-server/usr/bin/redis-server'))).toBe(true);
    },
    120_000,
  );
});
