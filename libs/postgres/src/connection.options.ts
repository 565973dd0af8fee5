import type { ConnectionOptions } from 'node:tls';
import type { DatastoresConfig } from '@app/config';
import { AppError, coreErrors } from '@app/errors';
import type { ClientConfig } from 'pg';

/**
 * What pg needs to open a connection to DATABASE_URL. Nothing but the application's name is sent as a startup
 * parameter, for PgBouncer refuses others, such as `statement_timeout`; the URL's own `options` go through.
 *
 * `sslmode` has libpq's meaning (https://www.postgresql.org/docs/current/libpq-ssl.html), which pg's own reading of
 * the URL does not have:
 * - `disable`, or none: no TLS
 * - `require`: TLS without a look at the certificate; with DATASTORE_CA the certificate must be signed by it, whatever
 *   name it has (libpq does so with a root certificate)
 * - `verify-full`: signed by DATASTORE_CA, or by a public authority without it, and made out to the URL's host name
 *
 * Throws an AppError `configuration_invalid` for another mode.
 *
 * @param applicationName What `pg_stat_activity` shows, unless the URL names it.
 * @param worker The number of the worker, as `trading-backend/2`.
 */
export function connectionOptions(
  { databaseUrl, ca }: Pick<DatastoresConfig, 'databaseUrl' | 'ca'>,
  applicationName: string,
  worker?: number,
): ClientConfig {
  const url = new URL(databaseUrl);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 5432),
    user: text(url.username),
    password: text(url.password),
    database: text(url.pathname.slice(1)),
    ssl: tlsOptions(url.searchParams.get('sslmode') ?? 'disable', ca),
    options: url.searchParams.get('options') ?? undefined,
    application_name: nameOf(url.searchParams.get('application_name') ?? applicationName, worker),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

function text(part: string): string | undefined {
  return part === '' ? undefined : decodeURIComponent(part);
}

/** PostgreSQL cuts off what is longer; the number is what must stay. */
const longestName = 63;

function nameOf(applicationName: string, worker: number | undefined): string {
  if (worker === undefined) return applicationName;
  const number = `/${String(worker)}`;
  return applicationName.slice(0, longestName - number.length) + number;
}

function tlsOptions(mode: string, ca: string | undefined): ConnectionOptions | false {
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      return ca === undefined
        ? { rejectUnauthorized: false }
        : { ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return ca === undefined ? { rejectUnauthorized: true } : { ca, rejectUnauthorized: true };
    default:
      throw new AppError(
        coreErrors.configuration_invalid,
        `DATABASE_URL has an unknown sslmode, "${mode}".`,
        {
          advice: 'Use sslmode=disable, require or verify-full.',
        },
      );
  }
}
