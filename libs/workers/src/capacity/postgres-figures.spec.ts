import { appendFile } from 'node:fs/promises';
import { type DevServer, startPostgres } from '@app/dev-services';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readPostgresFigures } from './postgres-figures.js';
import { pooledUrl, urlFromElsewhere } from './relay.fixture.js';
import { sourcesAt } from './sources.fixture.js';

describe('readPostgresFigures', () => {
  let server: DevServer;
  /** The server as an ordinary role sees it. */
  let traderUrl: string;
  beforeAll(async () => {
    server = await startPostgres({
      args: ['-c', 'max_connections=50', '-c', 'superuser_reserved_connections=4'],
    });
    const admin = await connected(server.url, 'admin');
    await admin.query(`CREATE ROLE trader LOGIN PASSWORD 'trader' CONNECTION LIMIT 20`);
    await admin.query('ALTER ROLE postgres CONNECTION LIMIT 40');
    await admin.query('ALTER DATABASE trading CONNECTION LIMIT 30');
    const { rows } = await admin.query<{ hba_file: string }>('SHOW hba_file');
    await appendFile(String(rows[0]?.hba_file), 'host all all 127.0.0.2/32 scram-sha-256\n');
    await admin.query('SELECT pg_reload_conf()');
    await admin.end();
    traderUrl = as('trader');
  });
  afterAll(() => server.stop());

  function as(role: string): string {
    const url = new URL(server.url);
    url.username = role;
    url.password = role;
    return url.href;
  }

  async function connected(url: string, applicationName: string): Promise<Client> {
    const client = new Client({ connectionString: url, application_name: applicationName });
    await client.connect();
    return client;
  }

  /** Others that are connected until the test ends. */
  async function others(...all: (readonly [url: string, applicationName: string])[]): Promise<void> {
    const clients = await Promise.all(all.map(([url, name]) => connected(url, name)));
    onTestFinished(async () => {
      await Promise.all(clients.map((client) => client.end()));
    });
  }

  async function figures(databaseUrl: string) {
    const { postgres: client } = sourcesAt(databaseUrl, 'trading-backend:1');
    client.connect();
    await client.whenConnected(AbortSignal.timeout(10_000));
    return readPostgresFigures(client, 'trading-backend');
  }

  it('tells the bounds of server, role and database, and what is reserved', async () => {
    expect(await figures(traderUrl)).toEqual({
      pooled: false,
      server: { limit: 50, others: 0 },
      reserved: 4,
      role: { name: 'trader', limit: 20, others: 0 },
      database: { name: 'trading', limit: 30, others: 0 },
    });
  });

  it('knows no bound of role and database for a superuser, whom none holds', async () => {
    const { role, database } = await figures(server.url);
    expect([role, database]).toEqual([undefined, undefined]);
  });

  it('counts who else is connected, to this and to other databases, and not the workers of this place', async () => {
    const elsewhere = new URL(server.url);
    elsewhere.pathname = '/postgres';
    await others(
      [traderUrl, 'trading-backend:2'],
      [traderUrl, 'trading-backend'],
      [traderUrl, 'trading-backend-report'],
      [traderUrl, 'psql'],
      [server.url, 'trading-backend'],
      [elsewhere.href, 'psql'],
    );
    const { server: all, role, database } = await figures(traderUrl);
    expect([all.others, role?.others, database?.others]).toEqual([4, 2, 3]);
  });

  it('counts the workers of other containers, which have the same name', async () => {
    await others([await urlFromElsewhere(traderUrl), 'trading-backend:1']);
    expect((await figures(traderUrl)).server.others).toBe(1);
  });

  it('notices a pooler by the process that it makes up', async () => {
    expect((await figures(await pooledUrl(traderUrl))).pooled).toBe(true);
  });
});
