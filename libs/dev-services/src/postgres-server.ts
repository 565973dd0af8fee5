import { existsSync } from 'node:fs';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerOptions } from './dev-server.js';
import { DataUnusableError } from './errors.js';
import { findPostgres } from './postgres-installation.js';
import { databaseName, postgresTemplate } from './postgres-template.js';
import { probePostgres } from './probe.js';
import { runCommand } from './run-command.js';
import type { ServerDefinition } from './server-definition.js';
import { canReach, unprivilegedUser } from './server-user.js';
import { writeTlsFiles } from './tls-files.js';

const always = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'lc_messages=C'];
// A temporary cluster is worth nothing after a crash of the machine.
const whenTemporary = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB'];

/** PostgreSQL that wants its password (SCRAM) and listens on 127.0.0.1 only. */
export async function postgresDefinition(options: ServerOptions): Promise<ServerDefinition> {
  const { tls, args = [], env, dataDir } = options;
  const keptData = dataDir === undefined ? undefined : join(dataDir, 'data');
  const user = await unprivilegedUser(dataDir);
  const keptMajor = keptData === undefined ? undefined : await majorOf(keptData);
  const installation = await findPostgres(user, keptMajor);
  return {
    name: 'postgres',
    version: installation.version,
    program: 'postgres',
    stopSignal: 'SIGINT',
    user,
    probe: probePostgres,
    async prepare(folder) {
      const data = join(folder, 'data');
      if (user !== undefined) await chown(folder, user.uid, user.gid);
      if (!(await canReach(folder, user))) {
        throw new DataUnusableError(
          `PostgreSQL does not run as root, and no other user can enter ${folder}.`,
          {
            advice: 'Choose a folder that others can enter.',
          },
        );
      }
      if (!existsSync(join(folder, 'password'))) {
        const template = await postgresTemplate(installation, user);
        await rm(data, { recursive: true, force: true });
        await runCommand('cp', ['-Rp', join(template, 'data'), folder], { user });
        await runCommand('cp', ['-p', join(template, 'password'), folder], { user });
      }
      const major = await majorOf(data);
      if (major !== installation.major) {
        throw new DataUnusableError(
          `${data} was made by PostgreSQL ${major ?? '(unknown)'}, but PostgreSQL ${installation.version} is installed.`,
        );
      }
      if (tls !== undefined) await writeTlsFiles(folder, tls, user);
      const kind = tls === undefined ? 'host' : 'hostssl';
      await writeFile(join(data, 'pg_hba.conf'), `${kind} all all 127.0.0.1/32 scram-sha-256\n`);
    },
    async command(folder, port) {
      const data = join(folder, 'data');
      // Whoever holds the lock of the folder knows that no server runs in it; but the pid in this file may
      // be that of another program by now, and PostgreSQL would refuse to start.
      await rm(join(data, 'postmaster.pid'), { force: true });
      const settings = [
        ...always,
        `port=${port}`,
        ...(dataDir === undefined ? whenTemporary : []),
        ...(tls === undefined ? [] : ['ssl=on', ...tlsSettings(folder)]),
      ];
      return {
        command: join(installation.bin, 'postgres'),
        args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting]), ...args],
        env: { LC_ALL: 'C', ...env },
      };
    },
    async url(folder, port) {
      const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
      const query = tls === undefined ? '' : '?sslmode=require';
      return `postgres://postgres:${password}@127.0.0.1:${port}/${databaseName}${query}`;
    },
    clear: (folder) => removeSharedMemory(join(folder, 'data')),
  };
}

const tlsSettings = (folder: string) => [
  `ssl_cert_file=${join(folder, 'server.crt')}`,
  `ssl_key_file=${join(folder, 'server.key')}`,
];

/** A killed server leaves a segment of System V shared memory, of which a system can hold a few thousand. */
async function removeSharedMemory(data: string): Promise<void> {
  const pidFile = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // The seventh line has the key and the id of the segment; a server that ends by itself removes both.
  const id = /^\s*\d+\s+(\d+)\s*$/.exec(pidFile.split('\n')[6] ?? '')?.[1];
  // It is 56 bytes: no reason for a stop to fail.
  if (id !== undefined) await runCommand('ipcrm', ['-m', id]).catch(() => undefined);
}

async function majorOf(data: string): Promise<string | undefined> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return text?.trim();
}
