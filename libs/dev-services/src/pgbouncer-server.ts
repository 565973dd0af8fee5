import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerOptions } from './dev-server.js';
import { findPackagedServer } from './packaged-server.js';
import { probePostgres } from './probe.js';
import type { ServerDefinition, Surroundings } from './server-definition.js';
import { type ServerUser, unprivilegedUser } from './server-user.js';
import { writeTlsFiles } from './tls-files.js';

export interface PgbouncerOptions extends ServerOptions {
  /** The URL of the PostgreSQL behind it, whose user and password are those of its own clients, too. */
  readonly target: string;
  /** Of its file; they win over the preset ones. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** PgBouncer in transaction mode, which takes no start-up parameter but those that it knows; for tests. */
export async function pgbouncerDefinition(
  options: PgbouncerOptions,
  surroundings: Surroundings,
): Promise<ServerDefinition> {
  const executable = await findPackagedServer(
    {
      title: 'PgBouncer',
      binary: 'pgbouncer',
      binaryFolder: 'usr/sbin',
      debianPackage: 'pgbouncer',
      versionArgs: ['--version'],
      versionPattern: /PgBouncer (\S+)/,
    },
    surroundings,
  );
  const { target, settings = {}, tls, args = [], env, dataDir } = options;
  const { hostname, port: targetPort, username, password, pathname } = new URL(target);
  const user = await unprivilegedUser(dataDir);
  return {
    name: 'pgbouncer',
    version: executable.version,
    program: 'pgbouncer',
    stopSignal: 'SIGTERM',
    user,
    probe: probePostgres,
    async prepare(folder) {
      if (user !== undefined) await chown(folder, user.uid, user.gid);
      await writeFor(user, join(folder, 'users.txt'), `"${username}" "${password}"\n`);
      if (tls !== undefined) await writeTlsFiles(folder, tls, user);
    },
    async command(folder, port) {
      const values = {
        listen_addr: '127.0.0.1',
        listen_port: port,
        unix_socket_dir: '',
        auth_type: 'scram-sha-256',
        auth_file: join(folder, 'users.txt'),
        pool_mode: 'transaction',
        ...(tls === undefined ? {} : tlsSettings(folder)),
        ...settings,
      };
      const file = join(folder, 'pgbouncer.ini');
      const lines = Object.entries(values).map(([name, value]) => `${name} = ${String(value)}`);
      const databases = `[databases]\n* = host=${hostname} port=${targetPort}\n`;
      await writeFor(user, file, `${databases}[pgbouncer]\n${lines.join('\n')}\n`);
      return { command: executable.path, args: [...args, file], env: { ...executable.env, ...env } };
    },
    url: async (_folder, port) =>
      `postgres://${username}:${password}@127.0.0.1:${port}${pathname}${tls === undefined ? '' : '?sslmode=require'}`,
  };
}

async function writeFor(user: ServerUser | undefined, path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, text, { mode: 0o600 });
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

const tlsSettings = (folder: string) => ({
  client_tls_sslmode: 'require',
  client_tls_key_file: join(folder, 'server.key'),
  client_tls_cert_file: join(folder, 'server.crt'),
});
