import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerOptions } from './dev-server.js';
import { freePort } from './free-port.js';
import { findPackagedServer } from './packaged-server.js';
import { probeHttp } from './probe.js';
import type { ServerDefinition, Surroundings } from './server-definition.js';
import { ownerOf } from './server-user.js';
import { writeTlsFiles } from './tls-files.js';

/** InfluxDB 1 with nothing but its HTTP API. Settings go by `env`, as `INFLUXDB_HTTP_AUTH_ENABLED=true`. */
export async function influxdbDefinition(
  options: ServerOptions,
  surroundings: Surroundings,
): Promise<ServerDefinition> {
  const executable = await findPackagedServer(
    {
      title: 'InfluxDB 1',
      binary: 'influxd',
      debianPackage: 'influxdb',
      versionArgs: ['version'],
      versionPattern: /v?(1\.\d+\.\d+)/,
    },
    surroundings,
  );
  const { tls, args = [], env, dataDir } = options;
  const user = await ownerOf(dataDir);
  return {
    name: 'influxdb',
    version: executable.version,
    program: 'influxd',
    stopSignal: 'SIGTERM',
    user,
    probe: probeHttp('/ping'),
    async prepare(folder) {
      await mkdir(join(folder, 'data'), { recursive: true });
      if (tls !== undefined) await writeTlsFiles(folder, tls, user);
    },
    async command(folder, port) {
      const config = join(folder, 'influxdb.conf');
      await writeFile(config, settings(folder, port, await freePort(), tls !== undefined));
      return {
        command: executable.path,
        args: ['run', '-config', config, ...args],
        env: { HOME: folder, ...executable.env, ...env },
      };
    },
    url: async (_folder, port) => `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
  };
}

function settings(folder: string, port: number, rpcPort: number, tls: boolean): string {
  const path = (name: string) => JSON.stringify(join(folder, name));
  return `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = ${path('data/meta')}
[data]
  dir = ${path('data/data')}
  wal-dir = ${path('data/wal')}
  query-log-enabled = false
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  enabled = true
  bind-address = "127.0.0.1:${port}"
  flux-enabled = false
  log-enabled = false
  https-enabled = ${tls}
  https-certificate = ${path('server.crt')}
  https-private-key = ${path('server.key')}
`;
}
