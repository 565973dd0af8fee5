import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerOptions } from './dev-server.js';
import { findPackagedServer } from './packaged-server.js';
import { probeHttp } from './probe.js';
import type { ServerDefinition, Surroundings } from './server-definition.js';
import { ownerOf } from './server-user.js';
import { writeTlsFiles } from './tls-files.js';

/** VictoriaMetrics, a real server of InfluxDB's write API v2 (without its queries), for tests. */
export async function victoriaMetricsDefinition(
  options: ServerOptions,
  surroundings: Surroundings,
): Promise<ServerDefinition> {
  const executable = await findPackagedServer(
    {
      title: 'VictoriaMetrics',
      binary: 'victoria-metrics',
      debianPackage: 'victoria-metrics',
      versionArgs: ['-version'],
      // Debian's build does not know its version.
      versionPattern: /(.*)/,
    },
    surroundings,
  );
  const { tls, args = [], env, dataDir } = options;
  const user = await ownerOf(dataDir);
  return {
    name: 'victoria-metrics',
    version: executable.version,
    program: 'victoria-metrics',
    stopSignal: 'SIGTERM',
    user,
    probe: probeHttp('/health'),
    async prepare(folder) {
      await mkdir(join(folder, 'data'), { recursive: true });
      if (tls !== undefined) await writeTlsFiles(folder, tls, user);
    },
    command: async (folder, port) => ({
      command: executable.path,
      args: [
        `-httpListenAddr=127.0.0.1:${port}`,
        `-storageDataPath=${join(folder, 'data')}`,
        // By default it drops points that are older than a month.
        '-retentionPeriod=100y',
        ...(tls === undefined ? [] : tlsArgs(folder)),
        ...args,
      ],
      env: { ...executable.env, ...env },
    }),
    url: async (_folder, port) => `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
  };
}

const tlsArgs = (folder: string) => [
  '-tls',
  `-tlsCertFile=${join(folder, 'server.crt')}`,
  `-tlsKeyFile=${join(folder, 'server.key')}`,
];
