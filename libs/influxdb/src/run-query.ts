import { HttpError } from '@influxdata/influxdb-client';
import { InfluxQueryError } from './errors.js';
import type { InfluxHttp } from './http.js';
import { type InfluxResult, parseResults } from './result.js';
import { serverMessage } from './server-message.js';

export interface InfluxQuery {
  readonly database: string;
  readonly influxql: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Runs statements through `/query`, which all versions of InfluxDB have; times are nanoseconds. */
export async function runQuery(
  http: InfluxHttp,
  query: InfluxQuery,
  signal: AbortSignal,
): Promise<readonly InfluxResult[]> {
  const path = `/query?${new URLSearchParams({ db: query.database, epoch: 'ns' }).toString()}`;
  try {
    return parseResults((await http.post(path, { q: query.influxql }, query.headers, signal)).body);
  } catch (error) {
    const message = error instanceof HttpError && error.statusCode === 400 ? serverMessage(error) : undefined;
    throw message === undefined ? error : new InfluxQueryError(message, error);
  }
}
