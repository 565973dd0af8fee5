import type { PostgresClient } from '@app/postgres';

/** A bound on connections, and how many others than this container hold now. */
export interface PostgresBound {
  readonly limit: number;
  readonly others: number;
}

/** The bound of a role or of a database. */
export interface NamedBound extends PostgresBound {
  readonly name: string;
}

/** What PostgreSQL says of its connections. */
export interface PostgresFigures {
  /** Whether a pooler as PgBouncer stands between, which gives its clients connections that it shares out. */
  readonly pooled: boolean;
  readonly server: PostgresBound;
  /** Of the server's limit, what is kept for superusers and, since PostgreSQL 16, for chosen roles. */
  readonly reserved: number;
  /** The stricter bounds of the role and of the database, where they are set and hold for this role. */
  readonly role: NamedBound | undefined;
  readonly database: NamedBound | undefined;
}

interface Answer {
  readonly backend_pid: number;
  readonly max_connections: number;
  readonly reserved: number;
  readonly role: string;
  readonly role_limit: number;
  readonly database: string;
  readonly database_limit: number;
  readonly others: number;
  readonly role_others: number;
  readonly database_others: number;
}

/**
 * pg_stat_activity hides the kind of other roles' backends from ordinary ones, but not their database, which helpers
 * of the server have none of. Own is who has this role, this address and the name of this application: the address
 * tells apart the workers of other containers. A superuser is not held by the bounds of role and database.
 */
const question = `
  WITH me AS (SELECT oid, rolname, rolsuper, rolconnlimit FROM pg_roles WHERE rolname = session_user),
       here AS (SELECT oid, datname, datconnlimit FROM pg_database WHERE datname = current_database()),
       others AS (
         SELECT usesysid, datid FROM pg_stat_activity, me
          WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
            AND NOT (usesysid = me.oid AND client_addr IS NOT DISTINCT FROM inet_client_addr()
                     AND (application_name = current_setting('application_name')
                          OR (starts_with(application_name, $1)
                              AND substr(application_name, length($1) + 1, 1) !~ '[[:alnum:]_-]'))))
  SELECT pg_backend_pid() AS backend_pid,
         current_setting('max_connections')::int AS max_connections,
         current_setting('superuser_reserved_connections')::int
           + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
         me.rolname AS role,
         CASE WHEN me.rolsuper THEN -1 ELSE me.rolconnlimit END AS role_limit,
         here.datname AS database,
         CASE WHEN me.rolsuper THEN -1 ELSE here.datconnlimit END AS database_limit,
         (SELECT count(*)::int FROM others) AS others,
         (SELECT count(*)::int FROM others WHERE usesysid = me.oid) AS role_others,
         (SELECT count(*)::int FROM others WHERE datid = here.oid) AS database_others
    FROM me, here`;

/**
 * Asks on a connection of the pool. Throws a DatastoreError.
 *
 * @param applicationName What pg_stat_activity shows of the workers, before anything that tells one from another.
 */
export function readPostgresFigures(
  postgres: PostgresClient,
  applicationName: string,
): Promise<PostgresFigures> {
  return postgres.run(async (dataSource) => {
    const runner = dataSource.createQueryRunner();
    try {
      const connection: unknown = await runner.connect();
      const answers: readonly Answer[] = await runner.query(question, [applicationName]);
      const [answer] = answers;
      if (answer === undefined) throw new TypeError('PostgreSQL does not know the role that is connected.');
      return figuresOf(answer, processIdOf(connection));
    } finally {
      await runner.release();
    }
  });
}

function figuresOf(answer: Answer, announcedPid: number | undefined): PostgresFigures {
  return {
    // PostgreSQL announces its own process to a client; a pooler announces one that it has made up.
    pooled: announcedPid !== undefined && announcedPid !== answer.backend_pid,
    server: { limit: answer.max_connections, others: answer.others },
    reserved: answer.reserved,
    role: boundOf(answer.role, answer.role_limit, answer.role_others),
    database: boundOf(answer.database, answer.database_limit, answer.database_others),
  };
}

/** PostgreSQL says -1 where there is none. */
function boundOf(name: string, limit: number, others: number): NamedBound | undefined {
  return limit < 0 ? undefined : { name, limit, others };
}

function processIdOf(connection: unknown): number | undefined {
  const has = typeof connection === 'object' && connection !== null && 'processID' in connection;
  return has && typeof connection.processID === 'number' ? connection.processID : undefined;
}
