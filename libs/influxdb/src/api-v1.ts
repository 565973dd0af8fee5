import { HttpError } from '@influxdata/influxdb-client';
import { type InfluxCheck, type InfluxDialect, authorizationHeaders, versionOf } from './dialect.js';
import type { InfluxHttp } from './http.js';
import { quoteIdentifier } from './influxql.js';
import type { InfluxClientOptions } from './options.js';
import { parseResults } from './result.js';

/** InfluxDB 1: databases, `/write` and `/query`, a user's name and password. */
export class ApiV1 implements InfluxDialect {
  readonly api = 'v1';
  readonly writePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #database: string;

  constructor(options: InfluxClientOptions) {
    this.writePath = `/write?${new URLSearchParams({ db: options.database, precision: 'ns' }).toString()}`;
    this.headers = authorizationHeaders('v1', options);
    this.#database = options.database;
  }

  async check(http: InfluxHttp, signal: AbortSignal): Promise<InfluxCheck> {
    const answer = await http.post('/query', { q: 'SHOW DATABASES' }, this.headers, signal);
    const [databases = []] = parseResults(answer.body);
    const names = databases.flatMap((series) => series.rows.map(([name]) => name));
    return { version: versionOf(answer), databaseThere: names.includes(this.#database) };
  }

  async ensureDatabase(http: InfluxHttp, signal: AbortSignal): Promise<boolean> {
    const { databaseThere } = await this.check(http, signal);
    if (databaseThere === true) return true;
    const q = `CREATE DATABASE ${quoteIdentifier(this.#database)}`;
    try {
      parseResults((await http.post('/query', { q }, this.headers, signal)).body);
      return true;
    } catch (error) {
      // Only an administrator may create one.
      if (error instanceof HttpError && error.statusCode === 403) return false;
      throw error;
    }
  }
}
