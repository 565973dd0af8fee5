import { fileURLToPath } from 'node:url';
import { mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';
import type { DatastoreNetwork } from './datastore-network.ts';
import { publishedPort } from './published-port.ts';

const configuration = fileURLToPath(new URL('haproxy.cfg', import.meta.url));

export type ServerName = 'one' | 'two';

/** HAProxy in front of two replicas. */
export interface Proxy {
  readonly url: string;
  /** Whether its health check sees the replica as up. */
  isUp(server: ServerName): Promise<boolean>;
  /** What it logged: the requests that failed, and the changes of the replicas. */
  log(): Promise<string>;
}

/** @param replicas The addresses of the replicas. */
export async function startProxy(
  engine: EngineAccess,
  network: DatastoreNetwork,
  replicas: Readonly<Record<ServerName, string>>,
): Promise<Proxy> {
  const environment = ['--env', `REPLICA_ONE=${replicas.one}`, '--env', `REPLICA_TWO=${replicas.two}`];
  const mount = `type=bind,source=${configuration},target=/usr/local/etc/haproxy/haproxy.cfg,readonly`;
  const options = [...environment, '--mount', mount, '--publish', '8000', '--publish', '8404'];
  const image = engine.images.HAPROXY_IMAGE;
  const id = await mustDocker(engine, ['run', '--detach', ...network.placement, ...options, image]);
  const port = (inside: number): Promise<number> => publishedPort(engine, id, inside);
  const statistics = `http://${engine.host}:${String(await port(8404))}/;csv`;
  return {
    url: `http://${engine.host}:${String(await port(8000))}`,
    isUp: async (server) => {
      const [header = '', ...rows] = (await (await fetch(statistics)).text()).split('\n');
      const columns = header.split(',');
      const row = rows.find((row) => row.startsWith(`replicas,${server},`))?.split(',') ?? [];
      const value = (column: string): string | undefined => row[columns.indexOf(column)];
      // Before its first check a replica counts as up.
      return value('status') === 'UP' && value('check_status') === 'L7OK';
    },
    log: () => mustDocker(engine, ['logs', id]),
  };
}
