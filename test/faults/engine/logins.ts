import type { DevServer } from '@app/dev-services';
import type { DatastoreName } from '@app/errors';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Environment } from '../../support/programs.js';

const user = 'app';
const right = 'the-right-password';
const wrong = 'the-wrong-password';
const administrator = { name: 'administrator', password: 'of-the-tests' };

/** A user of one datastore whose password can be changed while the backend knows the first one. */
export interface Login {
  /** What the backend is given. */
  readonly env: Environment;
  /** What the administrator needs, for InfluxDB. */
  readonly headers: Readonly<Record<string, string>>;
  create(): Promise<void>;
  /** Ends the user's sessions, too. */
  change(to: 'right' | 'wrong'): Promise<void>;
}

const passwords = { right, wrong };

async function sql(server: DevServer, ...statements: readonly string[]): Promise<void> {
  const client = new Client(server.url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function redisDo(server: DevServer, ...commands: readonly (readonly [string, ...string[]])[]) {
  const redis = new Redis(server.url);
  try {
    for (const [name, ...args] of commands) await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}

const basic = `Basic ${Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64')}`;

async function influxql(server: DevServer, q: string): Promise<void> {
  const body = new URLSearchParams({ q });
  const response = await fetch(`${server.url}/query`, {
    method: 'POST',
    headers: { authorization: basic },
    body,
  });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`InfluxDB refused ${q}: ${text}`);
}

function withUser(url: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = right;
  return changed.href;
}

const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}'`;

/** How each datastore's login is made; the server of InfluxDB must have been started with authentication. */
export const logins: Readonly<Record<DatastoreName, (server: DevServer) => Login>> = {
  postgres: (server) => ({
    env: { DATABASE_URL: withUser(server.url) },
    headers: {},
    create: () => sql(server, `CREATE ROLE ${user} SUPERUSER LOGIN PASSWORD '${right}'`),
    change: (to) => sql(server, `ALTER ROLE ${user} PASSWORD '${passwords[to]}'`, terminate),
  }),
  redis: (server) => ({
    env: { REDIS_URL: withUser(server.url) },
    headers: {},
    create: () => redisDo(server, ['ACL', 'SETUSER', user, 'on', `>${right}`, '~*', '&*', '+@all']),
    change: (to) =>
      redisDo(
        server,
        ['ACL', 'SETUSER', user, 'resetpass', `>${passwords[to]}`],
        ['CLIENT', 'KILL', 'USER', user],
      ),
  }),
  influxdb: (server) => ({
    env: { INFLUXDB_USERNAME: user, INFLUXDB_PASSWORD: right },
    headers: { authorization: basic },
    create: async () => {
      const { name, password } = administrator;
      for (const [who, secret] of [
        [name, password],
        [user, right],
      ]) {
        await influxql(
          server,
          `CREATE USER ${who ?? ''} WITH PASSWORD '${secret ?? ''}' WITH ALL PRIVILEGES`,
        );
      }
    },
    change: (to) => influxql(server, `SET PASSWORD FOR ${user} = '${passwords[to]}'`),
  }),
};
