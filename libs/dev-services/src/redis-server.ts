import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerOptions } from './dev-server.js';
import { findPackagedServer } from './packaged-server.js';
import { probeRedis } from './probe.js';
import type { ServerDefinition, Surroundings } from './server-definition.js';
import { ownerOf } from './server-user.js';
import { writeTlsFiles } from './tls-files.js';

/** Redis that persists each write in its append-only file and evicts nothing. */
export async function redisDefinition(
  options: ServerOptions,
  surroundings: Surroundings,
): Promise<ServerDefinition> {
  const executable = await findPackagedServer(
    {
      title: 'Redis',
      binary: 'redis-server',
      debianPackage: 'redis-server',
      versionArgs: ['--version'],
      versionPattern: /v=(\S+)/,
    },
    surroundings,
  );
  const { tls, args = [], env, dataDir } = options;
  const user = await ownerOf(dataDir);
  return {
    name: 'redis',
    version: executable.version,
    program: 'redis-server',
    stopSignal: 'SIGTERM',
    user,
    probe: probeRedis,
    async prepare(folder) {
      await mkdir(join(folder, 'data'), { recursive: true });
      if (tls !== undefined) await writeTlsFiles(folder, tls, user);
    },
    command: async (folder, port) => ({
      command: executable.path,
      args: [...flags(settings(folder)), ...flags(listening(folder, port, tls !== undefined)), ...args],
      env: { ...executable.env, ...env },
    }),
    url: async (_folder, port) => `${tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
  };
}

const flags = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);

const settings = (folder: string) => ({
  bind: '127.0.0.1',
  dir: join(folder, 'data'),
  daemonize: 'no',
  logfile: '',
  appendonly: 'yes',
  'maxmemory-policy': 'noeviction',
  save: '',
});

function listening(folder: string, port: number, tls: boolean): Record<string, string> {
  if (!tls) return { port: String(port) };
  return {
    port: '0',
    'tls-port': String(port),
    'tls-auth-clients': 'no',
    'tls-cert-file': join(folder, 'server.crt'),
    'tls-key-file': join(folder, 'server.key'),
    'tls-ca-cert-file': join(folder, 'server.crt'),
  };
}
