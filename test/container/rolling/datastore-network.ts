import { randomBytes } from 'node:crypto';
import { docker, mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';
import { publishedPort } from './published-port.ts';

const limitSeconds = '60';

/** New datastores on a network of their own, prepared by db-init; for `await using`, which removes all that is on it. */
export interface DatastoreNetwork extends AsyncDisposable {
  readonly name: string;
  /** What starts a container here, to stand after `docker run`: it goes with the network. */
  readonly placement: readonly string[];
  /** As `placement`, with what a program needs of its environment and db-init's status file. */
  readonly program: readonly string[];
  /** Where InfluxDB answers InfluxQL to whoever is outside of the network. */
  readonly influxdbUrl: string;
  /** An address that the engine gives to no container by itself. */
  address(last: number): string;
  /** The container of a datastore. */
  container(alias: DatastoreAlias): string;
}

/** @param image The image whose db-init prepares the datastores. */
export async function startDatastoreNetwork(engine: EngineAccess, image: string): Promise<DatastoreNetwork> {
  const name = `trading-${randomBytes(4).toString('hex')}`;
  const label = `trading.network=${name}`;
  const placement = ['--network', name, '--label', label];
  const status = `type=volume,source=${name},target=/var/lib/db-init`;
  const remove = async (): Promise<void> => {
    const ids = await mustDocker(engine, ['ps', '--all', '--quiet', '--filter', `label=${label}`]);
    if (ids !== '') await mustDocker(engine, ['rm', '--force', '--volumes', ...ids.split('\n')]);
    await docker(engine, ['volume', 'rm', '--force', name]);
    await docker(engine, ['network', 'rm', name]);
  };
  try {
    const subnet = await createNetwork(engine, name);
    const program = [...placement, ...environment, '--mount', status];
    const started = datastores(engine).map(
      async (server) => [server.alias, await start(engine, placement, server)] as const,
    );
    const ids = new Map<DatastoreAlias, string>(await Promise.all(started));
    const container = (alias: DatastoreAlias): string => ids.get(alias) ?? '';
    const influxdbPort = await publishedPort(engine, container('influxdb'), 8_086);
    await mustDocker(engine, ['run', '--rm', ...program, image, 'db-init']);
    const start24 = subnet.split('.', 3).join('.');
    return {
      name,
      placement,
      program,
      influxdbUrl: `http://${engine.host}:${String(influxdbPort)}`,
      address: (last) => `${start24}.${String(last)}`,
      container,
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Fixed addresses need a subnet that is given; the engine knows one that is free. */
async function createNetwork(engine: EngineAccess, name: string): Promise<string> {
  const format = '{{(index .IPAM.Config 0).Subnet}}';
  await mustDocker(engine, ['network', 'create', name]);
  const subnet = await mustDocker(engine, ['network', 'inspect', '--format', format, name]);
  await mustDocker(engine, ['network', 'rm', name]);
  await mustDocker(engine, ['network', 'create', '--subnet', subnet, name]);
  return subnet;
}

type DatastoreAlias = 'postgres' | 'redis' | 'influxdb';

interface Server {
  readonly alias: DatastoreAlias;
  readonly image: string;
  readonly environment?: string;
  readonly publish?: string;
  readonly command: readonly string[];
  /** Succeeds once it serves others: while PostgreSQL prepares its folder it does so on a socket only. */
  readonly answers: string;
}

const datastores = ({ images }: EngineAccess): readonly Server[] => [
  {
    alias: 'postgres',
    image: images.POSTGRES_IMAGE,
    environment: 'POSTGRES_PASSWORD=trading',
    command: [],
    answers: 'pg_isready --host 127.0.0.1',
  },
  {
    alias: 'redis',
    image: images.REDIS_IMAGE,
    command: 'redis-server --appendonly yes --maxmemory-policy noeviction --protected-mode no'.split(' '),
    answers: 'redis-cli ping | grep PONG',
  },
  {
    alias: 'influxdb',
    image: images.INFLUXDB_IMAGE,
    publish: '8086',
    command: [],
    answers: "influx -execute 'SHOW DATABASES'",
  },
];

const environment = [
  'DATABASE_URL=postgres://postgres:trading@postgres:5432/postgres?sslmode=disable',
  'REDIS_URL=redis://redis:6379',
  'INFLUXDB_URL=http://influxdb:8086',
  'SECRET_KEY=a-key-for-tests-0123456789-abcdefghij',
].flatMap((setting) => ['--env', setting]);

/** Returns the name of its container. */
async function start(engine: EngineAccess, placement: readonly string[], server: Server): Promise<string> {
  const { alias, image, command, answers } = server;
  const given = [
    ...(server.environment === undefined ? [] : ['--env', server.environment]),
    ...(server.publish === undefined ? [] : ['--publish', server.publish]),
  ];
  const arguments_ = [...placement, '--network-alias', alias, ...given, image, ...command];
  const id = await mustDocker(engine, ['run', '--detach', ...arguments_]);
  const loop = `until ${answers} >/dev/null 2>&1; do sleep 0.1; done`;
  await mustDocker(engine, ['exec', id, 'timeout', limitSeconds, 'bash', '-c', loop]);
  return id;
}
