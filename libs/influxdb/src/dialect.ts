import type { InfluxAnswer, InfluxHttp } from './http.js';
import type { InfluxApi, InfluxClientOptions } from './options.js';

/** What a check of the server saw. */
export interface InfluxCheck {
  /** Undefined where the server does not tell. */
  readonly version: string | undefined;
  /** Whether the database or bucket is there; undefined where the server does not tell. */
  readonly databaseThere: boolean | undefined;
}

/** What differs between the APIs. Errors are those of the transport; the client classifies them. */
export interface InfluxDialect {
  readonly api: InfluxApi;
  /** Path of writes with times in nanoseconds. */
  readonly writePath: string;
  /** Headers of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Asks something that needs the credentials. */
  check(http: InfluxHttp, signal: AbortSignal): Promise<InfluxCheck>;
  /** Creates the database or bucket where that is possible; whether it is there. */
  ensureDatabase(http: InfluxHttp, signal: AbortSignal): Promise<boolean>;
}

/** The server's version, as `1.6.7` or `2.7.1`; every answer of InfluxDB carries it. */
export function versionOf(answer: Pick<InfluxAnswer, 'headers'>): string | undefined {
  const version = answer.headers['x-influxdb-version'];
  return typeof version === 'string' ? version.replace(/^v/, '').replace(/~.*$/, '') : undefined;
}

/** API v1 takes a user's name and password, v2 a token; servers that stand between them take either. */
export function authorizationHeaders(api: InfluxApi, options: InfluxClientOptions): Record<string, string> {
  const { username, password = '', token } = options;
  const basic =
    username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const bearer = token === undefined ? undefined : `Token ${token}`;
  const authorization = api === 'v1' ? (basic ?? bearer) : (bearer ?? basic);
  return authorization === undefined ? {} : { authorization };
}
