import { kind, Refusal, type Kind } from './kind.js';

const escaping =
  'in a user name or password write : as %3A, / as %2F, ? as %3F, # as %23, @ as %40 and % as %25';

// Each driver decodes the parts of its URL, and throws an error that quotes them where that fails.
function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text).length > 0;
  } catch {
    return false;
  }
}

// A problem names no part of the URL, not even the scheme: a URL cut in the wrong place may show the password there.
function readUrl(
  given: string,
  schemes: readonly string[],
  refuse: (url: URL) => string | undefined,
): string | Refusal {
  const starts = schemes.map((scheme) => `${scheme}://`);
  if (!starts.some((start) => given.toLowerCase().startsWith(start))) {
    return new Refusal(`does not begin with ${starts.join(' or ')}`);
  }
  // The URL parser drops line breaks silently, which the drivers do not.
  if (/[\s\p{Cc}]/u.test(given)) return new Refusal('holds a space or a line break');
  const url = URL.parse(given);
  if (/^[a-z]+:\/\/(?:[^/?#]*@)?(?::\d*)?(?:[/?#]|$)/i.test(given)) return new Refusal('names no host');
  if (url === null) return new Refusal(`cannot be read as a URL; ${escaping}`);
  if (!isDecodable(given))
    return new Refusal(`holds a % that is not part of an escaped character; ${escaping}`);
  const problem = refuse(url);
  return problem === undefined ? given : new Refusal(problem);
}

const sslModes: readonly string[] = ['disable', 'require', 'verify-full'];

/** A PostgreSQL URL, as it is given. */
export const postgresUrl = (): Kind<string> =>
  kind(
    'postgres://user:password@host:port/database, with ?sslmode=disable, require or verify-full',
    (given) =>
      readUrl(given, ['postgres', 'postgresql'], (url) =>
        url.searchParams.getAll('sslmode').every((mode) => sslModes.includes(mode))
          ? undefined
          : `has an sslmode that is not one of ${sslModes.join(', ')}`,
      ),
  );

/** A Redis URL, as it is given. */
export const redisUrl = (): Kind<string> =>
  kind('redis://:password@host:port/number, or rediss:// for TLS', (given) =>
    readUrl(given, ['redis', 'rediss'], (url) =>
      /^(?:\/\d{0,5})?$/.test(url.pathname) ? undefined : 'names a database that is not a number',
    ),
  );

/** The URL of an InfluxDB server, as it is given, without credentials. */
export const influxdbUrl = (): Kind<string> =>
  kind('http://host:port or https://host:port', (given) =>
    readUrl(given, ['http', 'https'], (url) => {
      if (url.username !== '' || url.password !== '') {
        return 'holds credentials; give them as INFLUXDB_USERNAME and INFLUXDB_PASSWORD, or INFLUXDB_TOKEN';
      }
      return url.search === '' && url.hash === ''
        ? undefined
        : 'has a query or fragment; the database and the organization have variables of their own';
    }),
  );
